using System.Globalization;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;
using YamlDotNet.RepresentationModel;

namespace ServeBench.Domain.Models;

/// <summary>
/// Reads <c>parity:</c> of a model card in two steps: which limits there must be is known only once the workloads say which work the
/// model does.
/// </summary>
internal static class ParityLimitsReader
{
    /// <summary>Takes every number as a limit; faults nothing.</summary>
    public static ParityLimits Read(YamlMapping section)
    {
        var limits = new Dictionary<string, double>();
        foreach (var key in section.Keys)
        {
            if (section.Node(key) is YamlScalarNode { Value: { } text }
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit))
                limits[key] = limit;
        }
        return new ParityLimits(limits);
    }

    /// <summary>
    /// Adds faults for limits that the work needs and the card lacks, that make no sense, or that the work does not have.
    /// </summary>
    /// <param name="section">The section, or that of a precision inside it.</param>
    /// <param name="keys">The limits of the work.</param>
    /// <param name="precisions">Keys that are sections of the same kind.</param>
    public static void Check(YamlMapping section, IReadOnlyList<LimitKey> keys, IReadOnlyList<string> precisions)
    {
        foreach (var key in keys) section.Number(key.Name, key.Least, key.Most);
        foreach (var precision in precisions)
        {
            if (section.OptionalMapping(precision) is { } own) Check(own, keys, []);
        }
        section.Done();
    }
}
