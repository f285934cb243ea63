using ServeBench.Domain.CommandLines;
using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>Reads options from the command line.</summary>
internal static class CommandLineSource
{
    /// <inheritdoc cref="ArgumentReader.Read"/>
    public static OptionValues Read(IReadOnlyList<string> arguments, FaultList faults)
    {
        var values = new OptionValues();
        foreach (var (option, text) in ArgumentReader.Read(arguments, ServerOptionList.All, ServerOptionList.Model, faults))
            values.Add(option, new OptionValue(text, option.Flag), faults);
        return values;
    }
}
