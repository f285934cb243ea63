namespace ServeBench.Domain.Trials;

/// <param name="File">Path of the trial record relative to the run's folder; the sample file lies beside it.</param>
public sealed record PlannedTrial(
    string Fingerprint, string Contender, string Workload, string Scenario, string Level, int Trial, string File);
