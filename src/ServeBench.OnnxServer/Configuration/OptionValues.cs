using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>What was given for each option, and where.</summary>
internal sealed class OptionValues
{
    private readonly Dictionary<ServerOption, List<OptionValue>> _values = [];

    public bool Has(ServerOption option) => _values.ContainsKey(option);

    /// <summary>The value of an option that is given once; null when it was not given.</summary>
    public OptionValue? Value(ServerOption option) => _values.TryGetValue(option, out var values) ? values[^1] : null;

    /// <summary>Every value of an option that may be repeated, in the order given.</summary>
    public IReadOnlyList<OptionValue> Values(ServerOption option) => _values.TryGetValue(option, out var values) ? values : [];

    /// <summary>Takes what another source says of the options that this one is silent about.</summary>
    public void FillFrom(OptionValues other)
    {
        // Where to listen can be said in two ways, and the source that counts first is the one to say it.
        var hasUrls = Has(ServerOptionList.Urls);
        var hasHost = Has(ServerOptionList.Host) || Has(ServerOptionList.Port);
        foreach (var (option, values) in other._values)
        {
            var isSaid = option == ServerOptionList.Urls
                ? hasHost
                : hasUrls && (option == ServerOptionList.Host || option == ServerOptionList.Port);
            if (!isSaid) _values.TryAdd(option, values);
        }
    }

    /// <summary>Adds a value from one source; a second one from the same source is a fault unless the option is a list.</summary>
    public void Add(ServerOption option, OptionValue value, FaultList faults)
    {
        if (option.FaultOf(value.Text, value.Where) is { } fault)
            faults.Add(fault);
        else if (!_values.TryGetValue(option, out var values))
            _values[option] = [value];
        else if (option.IsList)
            values.Add(value);
        else
            faults.Add(new Fault(value.Where, null, null, "this option is given twice", "Give it once"));
    }
}

/// <param name="Text">The value as written.</param>
/// <param name="Where">The option as its source spells it: <c>--max-batch</c>.</param>
internal readonly record struct OptionValue(string Text, string Where);
