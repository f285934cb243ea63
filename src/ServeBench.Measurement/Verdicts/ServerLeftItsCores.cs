using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Threads of the server ran elsewhere than on its cores within the window: it had more than the others.</summary>
public sealed class ServerLeftItsCores : IVerdictRule
{
    public string Id => "server-left-its-cores";

    public Finding? Check(TrialFacts trial)
    {
        var outside = On(trial.Record);
        if (outside.Count == 0) return null;
        var onClient = outside.Intersect(trial.Record.Client.Cpus).ToArray();
        var threads = trial.Record.Server.Keeping!.PutBackWithin;
        return new Finding(
            Id,
            Severity.Invalid,
            "the server left the cores that it was given: within the window its threads had to be put back "
                + $"{Plural.Of(threads, "time")}, from {(onClient.Length > 0 ? "the client's cores" : "cores outside both sets")} "
                + $"({string.Join(", ", outside)})",
            "Set the number of its threads, so that its runtime does not give each a core of its own, "
                + "or measure where a cpuset can be made (--target=Doctor says whether one can)");
    }

    /// <summary>The cores beyond its own that its threads might use within the window; empty when there were none.</summary>
    internal static IReadOnlyList<int> On(TrialRecord trial) => trial.Server.Keeping is { PutBackWithin: > 0 } kept ? kept.Outside : [];
}
