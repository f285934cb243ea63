using ServeBench.Domain.Faults;
using ServeBench.Reports.Comparing;

namespace ServeBench.Build.Options;

/// <summary>What Compare is asked.</summary>
/// <param name="Baseline">A run, <c>latest</c>, a folder or a results.json; null when it was not given.</param>
/// <param name="FailOn">Names of what ends the program with an exit code of its own.</param>
/// <param name="Allow">In what the runs may differ.</param>
public sealed record CompareRequest(string? Baseline, IReadOnlyList<string> FailOn, IReadOnlyList<string> Allow)
{
    public const string Regression = "regression";
    public const string Invalid = "invalid";

    /// <summary>What <c>--fail-on</c> takes.</summary>
    public static IReadOnlyList<string> Failures { get; } = [Regression, Invalid];

    /// <summary>What <c>--allow</c> takes.</summary>
    public static IReadOnlyList<string> Facets { get; } = [.. Facet.All.Select(f => f.Name)];

    /// <summary>Reads the values; what is wrong with them is added to the faults.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="isAsked">Whether Compare is the target, and so must have what it needs.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public static CompareRequest Of(CommandLine line, bool isAsked, FaultList faults)
    {
        if (isAsked && !line.Has(KnownOptions.Baseline))
            faults.Add(
                new Fault(
                    KnownOptions.Baseline.Name,
                    null,
                    null,
                    "there is nothing to compare with",
                    $"For example {KnownOptions.Baseline.Example}"));
        return new CompareRequest(
            line.Value(KnownOptions.Baseline),
            Names(line, KnownOptions.FailOn, Failures, faults),
            Names(line, KnownOptions.Allow, Facets, faults));
    }

    private static string[] Names(CommandLine line, OptionDefinition option, IReadOnlyList<string> known, FaultList faults)
    {
        if (line.Value(option) is not { } text) return [];
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.Where(n => n != "*" && !known.Contains(n)))
            faults.Add(new Fault(option.Name, null, null, $"'{name}' is not known here", NearestName.Remedy(name, [.. known])));
        return names.Contains("*") ? [.. known] : names;
    }
}
