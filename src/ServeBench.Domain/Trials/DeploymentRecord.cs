using System.Text.Json.Serialization;

namespace ServeBench.Domain.Trials;

/// <summary>One deployment of a contender: how it started, whether its answers were right, how it ended.</summary>
public sealed record DeploymentRecord
{
    public const string CurrentSchema = "servebench-deployment/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Unique over all runs.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of what decides how it starts and answers, without any load.</summary>
    public required string Fingerprint { get; init; }

    public required string Contender { get; init; }
    public required string Stack { get; init; }
    public required bool IsTwin { get; init; }
    public required string Track { get; init; }
    public required string Model { get; init; }
    public required string Weights { get; init; }
    public required string Precision { get; init; }
    public required string Host { get; init; }
    public required int Trial { get; init; }
    public required string MeasuredByRun { get; init; }
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>The state of the machine when the start that deployed it began; null in records of before it was kept.</summary>
    public ConditionsRecord? Conditions { get; init; }

    /// <summary>Launch to first correct answer, seconds; null when it never gave one.</summary>
    public double? ColdStartSeconds { get; init; }

    /// <summary>The same with its parts; null when it never gave a correct answer.</summary>
    public ColdStartRecord? ColdStart { get; init; }

    /// <summary>Further cold starts of the same, made and removed for this measurement alone; none in most profiles.</summary>
    public IReadOnlyList<ColdStartRecord>? FurtherColdStarts { get; init; }

    /// <summary>Why each of the starts made for that measurement alone that gave no correct answer gave none; null when all did.</summary>
    public IReadOnlyList<string>? FailedColdStarts { get; init; }

    /// <summary>
    /// The library that computes and its version, as the server itself reports it: <c>ONNX Runtime 1.21.0</c>; null when it does not.
    /// </summary>
    public string? Runtime { get; init; }

    /// <summary>
    /// Bytes of the machine's free memory that were touched and freed before it was started (decision 0010); null in records of
    /// before they were kept.
    /// </summary>
    public long? TouchedBytes { get; init; }

    /// <summary>
    /// Share of the model's largest file that lay in the page cache when it was started, 0 to 1; null where that cannot be determined.
    /// </summary>
    public double? CachedShare { get; init; }

    /// <summary>How it was ended; null while it runs, where its host does not say, and in records of earlier versions.</summary>
    public StopRecord? Stop { get; init; }

    /// <summary>Null when the references were never asked (the server did not start).</summary>
    public ParityRecord? Parity { get; init; }

    /// <summary>What one bad item does to its neighbours; null where that was not tried, which once per contender is enough.</summary>
    public IsolationRecord? Isolation { get; init; }

    /// <summary>What is known of a server that ran already; null where it was deployed for the run.</summary>
    public EndpointRecord? Endpoint { get; init; }

    /// <summary>The command or image that was started, as a user could repeat it.</summary>
    public required string Command { get; init; }

    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>Why it could not be used, when it could not; null when it was.</summary>
    public string? Failure { get; init; }

    /// <summary>Why there is nothing to say of its start, as the end of a sentence; null where there is.</summary>
    [JsonIgnore]
    public string? NoStart => Failure ?? (Endpoint is null ? null : EndpointRecord.NotOurs);
}

/// <summary>The comparison of a deployment's answers with the model's references.</summary>
/// <param name="Passed">Within the model's limits.</param>
/// <param name="Compared">Reference inputs compared.</param>
/// <param name="MaximumDifference">Largest absolute difference of any component, where answers are vectors.</param>
/// <param name="LeastCosine">Smallest cosine, where answers are vectors.</param>
/// <param name="DifferenceLimit">The limit on the first; null where answers are no vectors.</param>
/// <param name="CosineLimit">The limit on the second; null where answers are no vectors.</param>
/// <param name="Detail">What failed, in words; empty when it passed.</param>
public sealed record ParityRecord(
    bool Passed, int Compared, double? MaximumDifference, double? LeastCosine, double? DifferenceLimit, double? CosineLimit, string Detail)
{
    /// <summary>
    /// How far answers that are no vectors are from the references, one entry for each limit; null where they are vectors.
    /// </summary>
    public IReadOnlyList<ParityMeasure>? Measures { get; init; }

    /// <summary>
    /// The answers in the order of the model's references, each as <see cref="Parity.VectorText"/>, null where there was none: with
    /// them stacks are compared with each other. Null where answers are no vectors, and in records of before they were kept.
    /// </summary>
    public IReadOnlyList<string?>? Answers { get; init; }

    /// <summary>
    /// The protocols over which they were asked; the numbers are those of the worst, the answers those of the first. Null in
    /// records of when it was one only.
    /// </summary>
    public IReadOnlyList<string>? Protocols { get; init; }

    /// <summary>How far the answers are from the references by each measure, whatever kind of answers they are.</summary>
    [JsonIgnore]
    public IReadOnlyList<ParityMeasure> EachMeasure => Measures ??
    [
        new ParityMeasure("largest difference", MaximumDifference, DifferenceLimit ?? double.NaN, HigherIsBetter: false),
        new ParityMeasure("least cosine", LeastCosine, CosineLimit ?? double.NaN, HigherIsBetter: true),
    ];
}

/// <summary>How far the answers of a deployment are from the references, by one measure.</summary>
/// <param name="Title">What is measured, for the heading of a column.</param>
/// <param name="Worst">
/// The value of the answer that is furthest, or the mean of all where the limit is on that; null when none could be compared.
/// </param>
/// <param name="Limit">The limit on it.</param>
/// <param name="HigherIsBetter">True when the limit is the least that is allowed, false when it is the most.</param>
public sealed record ParityMeasure(string Title, double? Worst, double Limit, bool HigherIsBetter);
