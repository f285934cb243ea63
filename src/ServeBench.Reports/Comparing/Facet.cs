using ServeBench.Domain.Wording;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Comparing;

/// <summary>Something in which two runs must be alike to be compared.</summary>
/// <param name="Name">As <c>--allow</c> names it.</param>
/// <param name="Of">What a run has, for each part that both may have; a part that only one run has is no difference.</param>
public sealed record Facet(string Name, Func<ComparedRun, IEnumerable<FacetPart>> Of)
{
    private const string NotKnown = "not known (no manifest.json beside its results.json)";

    public static IReadOnlyList<Facet> All { get; } =
    [
        new("host", run => [new("", Joined(run, c => c.Host))]),
        new("machine", run => [new("", Machine(run))]),
        new("weights", run => run.Results.Cases.Select(c => c.Model).Distinct().Select(m => new FacetPart(m, Weights(run, m)))),
        new("workload", Workloads),
        new("precision", run => run.Results.Cases
            .GroupBy(c => c.Stack)
            .Select(s => new FacetPart(s.Key, Words.List(s.Select(c => c.Precision).Distinct())))),
        new("profile", run => [new("", Profile(run))]),
        new("driver", run => [new("", Driver(run))]),
    ];

    /// <summary>Where two runs differ in this.</summary>
    public IEnumerable<FacetDifference> Differences(ComparedRun baseline, ComparedRun candidate)
    {
        // What only one of them records is no difference, but for the machine: nobody compares runs of machines that they do not know.
        var both = Name == "machine" || (baseline.Manifest is not null && candidate.Manifest is not null);
        var before = Of(both ? baseline : baseline with { Manifest = null }).ToDictionary(p => p.Part, p => p.Value);
        return from now in Of(both ? candidate : candidate with { Manifest = null })
               where before.ContainsKey(now.Part) && (before[now.Part] != now.Value || now.Value == NotKnown)
               select new FacetDifference(Name, now.Part, before[now.Part], now.Value);
    }

    private static string Joined(ComparedRun run, Func<CaseResult, string> value) => Words.List(run.Results.Cases.Select(value).Distinct());

    private static string Machine(ComparedRun run)
    {
        if (run.Manifest is not { Machine: var machine } manifest) return NotKnown;
        // Virtual machines of one size differ by some pages; a whole GiB is a different machine.
        var text = $"{machine.Cpu}, {Plural.Of(machine.LogicalCores, "core")}, "
            + $"{Math.Round(machine.MemoryBytes / (double)(1L << 30)):0} GiB, {machine.Architecture}";
        if (machine.Accelerators.Count > 0) text += $", {Words.List(machine.Accelerators)}";
        return manifest.ServerMachine is { } server
            ? $"{text}; servers on {Plural.Of(server.LogicalCores, "core")}, {server.Architecture}"
            : text;
    }

    private static string Weights(ComparedRun run, string model)
    {
        var weights = Words.List(run.Results.Cases.Where(c => c.Model == model).Select(c => c.Weights).Distinct());
        return run.Manifest?.Models.FirstOrDefault(m => m.Name == model) is { } record
            ? $"{weights}, SHA-256 {record.Sha256[..12]}"
            : weights;
    }

    /// <summary>Each workload's payload and, level by level, the load; levels that only one run asked for are no difference.</summary>
    private static IEnumerable<FacetPart> Workloads(ComparedRun run)
    {
        foreach (var workload in run.Manifest?.Workloads ?? []) yield return new FacetPart(workload.Name, workload.Payload);
        foreach (var c in run.Results.Cases.DistinctBy(c => (c.Workload, c.Model, c.Scenario, c.Level)))
            yield return new FacetPart(
                $"{c.Workload}, {c.Scenario}, {c.Level}, {c.Model}",
                $"{c.Loop} loop, {c.LevelTitle}, {Plural.Of(c.ItemsPerRequest, "item")} in a request");
    }

    private static string Profile(ComparedRun run) => run.Manifest?.Profile is { } profile
        ? $"{profile.Name}, windows of {profile.MeasureSeconds:0.###} s, warm-up up to {profile.WarmUpLimitSeconds:0.###} s"
        : run.Results.Run.Profile;

    private static string Driver(ComparedRun run) =>
        run.Manifest?.Versions.GetValueOrDefault("load driver") is { } text
            ? text.Split(", ServeBench")[0]
            : run.Results.Calibration?.Driver ?? "not known";
}

/// <param name="Part">What it belongs to, such as a model; empty for the whole run.</param>
public sealed record FacetPart(string Part, string Value);

/// <param name="Facet">A name of <see cref="Comparing.Facet.All"/>.</param>
public sealed record FacetDifference(string Facet, string Part, string Baseline, string Candidate)
{
    public string Subject => Part.Length == 0 ? Facet : $"{Facet} ({Part})";
}
