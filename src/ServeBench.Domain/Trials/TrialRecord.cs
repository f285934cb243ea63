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
    /// where that cannot be told.
    /// </summary>
    public string? Intruder { get; init; }

    public required int SampleCount { get; init; }

    /// <summary>SHA-256 of the sample file, lower-case hexadecimal.</summary>
    public required string SamplesSha256 { get; init; }
}

/// <summary>Which case it was. The names are those of the catalogues.</summary>
public sealed record CaseRecord
{
    public required string Group { get; init; }
    public required string Workload { get; init; }
    public required string Scenario { get; init; }

    /// <summary><c>capacity</c> or <c>latency</c>.</summary>
    public required string Question { get; init; }

    /// <summary>The level's short name within the scenario, for example <c>c16</c>.</summary>
    public required string Level { get; init; }

    /// <summary>The contender's label, unique in the run.</summary>
    public required string Contender { get; init; }

    public required string Stack { get; init; }

    /// <summary>True when this is the second appearance of the same stack in the run (the A/A twin).</summary>
    public required bool IsTwin { get; init; }

    public required string Track { get; init; }
    public required string Model { get; init; }

    /// <summary><c>seeded</c> or <c>pretrained</c>.</summary>
    public required string Weights { get; init; }

    public required string Precision { get; init; }
    public required string Host { get; init; }
    public required string Protocol { get; init; }

    /// <summary>From 1; equal to the block in which it was planned.</summary>
    public required int Trial { get; init; }

    /// <summary>True when the run's second driver measured what its first one did, too; absent otherwise.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDriverCheck { get; init; }
}

/// <summary>How the load was made.</summary>
public sealed record LoadRecord
{
    /// <summary><c>closed</c> or <c>open</c>.</summary>
    public required string Loop { get; init; }

    /// <summary>Requests in flight; null in an open loop and in a ramp.</summary>
    public int? Concurrency { get; init; }

    /// <summary><c>constant</c> or <c>poisson</c>; null in a closed loop and in a ramp.</summary>
    public string? Arrivals { get; init; }

    /// <summary>Requests per second that the schedule asks; null in a closed loop and in a ramp.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How the load changed over the window; null when it did not.</summary>
    public RampRecord? Ramp { get; init; }

    /// <summary>
    /// How the largest rate under the objective was searched; null where no rate was. The samples are then those of the probe
    /// that <see cref="SearchRecord.Shown"/> names.
    /// </summary>
    public SearchRecord? Search { get; init; }

    /// <summary>The load as a shape, which knows its words and its schedule.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Plans.LoadShape Shape => Plans.LoadShape.Of(this);

    /// <summary>Items (texts) in every request.</summary>
    public required int ItemsPerRequest { get; init; }

    public required int DistinctPayloads { get; init; }

    /// <summary>Mean bytes of the request bodies.</summary>
    public required double MeanRequestBytes { get; init; }

    public required long PayloadSeed { get; init; }

    public required long ArrivalSeed { get; init; }

    public required double DeadlineSeconds { get; init; }

    /// <summary>Latency objective on p95 in seconds, or null.</summary>
    public double? ObjectiveP95Seconds { get; init; }

    /// <summary>Largest share of failed requests that the workload allows, 0 to 1.</summary>
    public required double ObjectiveErrorRate { get; init; }

    /// <summary>The driver and how it did its input and output, for example <c>native (epoll)</c>.</summary>
    public required string Driver { get; init; }
}

/// <summary>A load that changes in straight lines: requests in flight (closed) or per second (open).</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="Stages">In order, at least one; together they are as long as the window.</param>
public sealed record RampRecord(double Start, IReadOnlyList<RampStageRecord> Stages);

/// <param name="Seconds">Its length.</param>
/// <param name="Target">The load at its end.</param>
public sealed record RampStageRecord(double Seconds, double Target);

/// <param name="Settled">True when six consecutive windows showed no trend in rate and in p95, or in the median where their
/// samples support no p95 (decision 0032).</param>
/// <param name="Seconds">How long warm-up took.</param>
/// <param name="Windows">Every window, in order.</param>
/// <param name="FixedLength">True when the warm-up had a fixed length, because its driver cannot end it once the server has
/// settled; absent otherwise.</param>
public sealed record WarmUpRecord(bool Settled, double Seconds, IReadOnlyList<WarmUpWindow> Windows, bool? FixedLength = null);

/// <param name="Seconds">Length of the window.</param>
/// <param name="RequestsPerSecond">Successful requests finished in it, per second.</param>
/// <param name="P50Seconds">Median end-to-end latency in it; null when no request succeeded.</param>
/// <param name="P95Seconds">95th percentile of end-to-end latency in it; null below the 130 samples that it needs.</param>
public sealed record WarmUpWindow(double Seconds, double RequestsPerSecond, double? P50Seconds, double? P95Seconds);

/// <summary>What the server's whole process tree (or cgroup) used over the measured window.</summary>
public sealed record ServerUse
{
    public double? CpuSeconds { get; init; }
    public double? MeanResidentBytes { get; init; }
    public double? PeakResidentBytes { get; init; }

    /// <summary>How many times memory was read in the window.</summary>
    public int MemoryReadings { get; init; }

    /// <summary>The cores it was confined to; empty when it was not confined.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>CPU-seconds that those cores were busy with anything at all; what is more than its own was foreign.</summary>
    public double? CoresBusySeconds { get; init; }

    /// <summary>CPU-seconds that the hypervisor took from those cores; absent from records made before it was measured.</summary>
    public double? StolenSeconds { get; init; }

    /// <summary>How it was kept on its cores; null where it was not, and in records of earlier versions.</summary>
    public CoreKeeping? Keeping { get; init; }

    /// <summary>CPU time of the other containers of the same engine, on whatever cores.</summary>
    public double? OtherContainersCpuSeconds { get; init; }

    /// <summary>How many periods of its CPU quota (100 ms each) began; null without a quota.</summary>
    public int? QuotaPeriods { get; init; }

    /// <summary>In how many of them it had used its quota up and was stopped.</summary>
    public int? ThrottledPeriods { get; init; }

    /// <summary>For how long it was stopped then, summed over the cores on which it was; null without a quota.</summary>
    public double? ThrottledSeconds { get; init; }

    /// <summary>How many of its processes the kernel killed for lack of memory.</summary>
    public int? OomKills { get; init; }

    /// <summary>Bytes that its network interface received, headers and all.</summary>
    public double? ReceivedBytes { get; init; }

    /// <summary>Bytes that its network interface sent, headers and all.</summary>
    public double? SentBytes { get; init; }

    /// <summary>Null when it was given no GPU.</summary>
    public GpuUse? Gpu { get; init; }

    /// <summary>What was measured and how, or why it was not: <c>process tree, /proc</c>.</summary>
    public required string Source { get; init; }
}

/// <summary>What the GPUs did over the measured window.</summary>
public sealed record GpuUse
{
    /// <summary>Mean share of the time in which a kernel ran, 0 to 1.</summary>
    public double? Busy { get; init; }

    public double? PeakMemoryBytes { get; init; }

    public double? MeanWatts { get; init; }

    public int Readings { get; init; }

    /// <summary>What was measured and how, or why it was not.</summary>
    public required string Source { get; init; }
}

/// <param name="Inferences">Items inferred.</param>
/// <param name="Executions">Runtime executions (batches).</param>
public sealed record ServerCounters(double Inferences, double Executions)
{
    /// <summary>What its timers advanced by; null when its stack announces none, and in records of before they were read.</summary>
    public ServerTimings? Timings { get; init; }

    /// <summary>Why its stack's timers reported nothing, as the end of a sentence; null when they did, or there are none.</summary>
    public string? TimingsAbsence { get; init; }
}

/// <summary>What the client used, and what else was on its cores.</summary>
public sealed record ClientUse
{
    /// <summary>CPU time of the driver's own threads over the window.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Share of the client's cores that was busy with anything at all, 0 to 1 (method.md, rule 3).</summary>
    public double? CoresBusy { get; init; }

    /// <summary>Share of the client's cores' time (of all cores' when it is not confined) that the hypervisor took away, 0 to 1.</summary>
    public double? Steal { get; init; }

    public required IReadOnlyList<int> Cpus { get; init; }
}

/// <summary>The bodies that were sent to one deployment of one workload (method.md, rule 8).</summary>
/// <param name="WarmUpRequests">Requests outside the window: warm-up, run-in, and those after the window.</param>
/// <param name="WindowRequests">Requests of the window; in a search, of all probes together.</param>
/// <param name="Repeated">Those of them whose body the deployment had been sent before, by whatever case.</param>
public sealed record PayloadAudit(int WarmUpRequests, int WindowRequests, int Repeated);

/// <summary>The connections of the window's requests.</summary>
/// <param name="Opened">How many were made for one of them, which waited for it; connecting is part of its latency.</param>
/// <param name="Reopened">How many of those replaced one that the server had closed before it took the request.</param>
public sealed record ConnectionUse(int Opened, int Reopened);

/// <param name="Checked">Answers of the window that were compared with what was expected of their payload.</param>
/// <param name="Wrong">How many of them were wrong.</param>
/// <param name="FirstWrong">What the first wrong one was, or null.</param>
public sealed record AnswerChecks(int Checked, int Wrong, string? FirstWrong);
