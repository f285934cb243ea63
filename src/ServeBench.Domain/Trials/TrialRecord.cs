namespace ServeBench.Domain.Trials;

/// <summary>
/// Everything kept about one case in one trial, beside its sample file: the raw facts from which every metric and verdict is
/// computed, now or years later. Optional values are null when they were not measured, never zero. Seconds and bytes throughout.
/// </summary>
public sealed record TrialRecord
{
    public const string CurrentSchema = "servebench-trial/2";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Hash of everything that decided this result (docs/formats.md says what).</summary>
    public required string Fingerprint { get; init; }

    public required CaseRecord Case { get; init; }

    public required LoadRecord Load { get; init; }

    /// <summary>The run that measured it; a later run that reuses it has another.</summary>
    public required string MeasuredByRun { get; init; }

    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>The state of the machine when the start that measured it began; null in records of before it was kept.</summary>
    public ConditionsRecord? Conditions { get; init; }

    /// <summary>Identity of the deployment it was measured on; see <see cref="DeploymentRecord.Id"/>.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>
    /// What the load before it had left behind; null on a fresh deployment, and in records of earlier versions.
    /// </summary>
    public RecoveryRecord? Recovery { get; init; }

    public required WarmUpRecord WarmUp { get; init; }

    /// <summary>
    /// Length of the measured window, from its start to its end, by the driver's clock. Requests whose intended send lies in it
    /// are the samples.
    /// </summary>
    public required double WindowSeconds { get; init; }

    public required ServerUse Server { get; init; }

    /// <summary>What the server's own counters advanced by over the window; null when it has none.</summary>
    public ServerCounters? Counters { get; init; }

    /// <summary>
    /// Why there are no counters, as the end of a sentence; null when there are some, and in records of earlier versions.
    /// </summary>
    public string? CountersAbsence { get; init; }

    /// <summary>
    /// What the server measured of itself, as its stack announces it; null when the stack announces nothing, and in records of
    /// earlier versions.
    /// </summary>
    public IReadOnlyList<AnnouncedRecord>? Announced { get; init; }

    public required ClientUse Client { get; init; }

    public required AnswerChecks Checks { get; init; }

    /// <summary>Which payloads went out, and whether any had before; null where the driver does not report it.</summary>
    public PayloadAudit? Payloads { get; init; }

    /// <summary>The connections that the window's requests took; null where the driver does not report it.</summary>
    public ConnectionUse? Connections { get; init; }

    /// <summary>What lay between client and server, and is in every latency; null when they were on one machine.</summary>
    public string? Between { get; init; }

    /// <summary>
    /// Every process of the server right after the window; null where they cannot be seen, and in records of earlier versions.
    /// </summary>
    public IReadOnlyList<ServerProcessRecord>? Processes { get; init; }

    /// <summary>What went wrong outside any one request (the server died in the window); null when nothing did.</summary>
    public string? Disturbance { get; init; }

    /// <summary>
    /// The process that listened in the server's place before the first request or after the last, as a sentence; null when none did, and
    /// where that is not known.
    /// </summary>
    public string? Intruder { get; init; }

    public required int SampleCount { get; init; }

    /// <summary>SHA-256 of the sample file, lower-case hexadecimal.</summary>
    public required string SamplesSha256 { get; init; }
}
