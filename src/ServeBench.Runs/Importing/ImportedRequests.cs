namespace ServeBench.Runs.Importing;

/// <summary>Requests one by one.</summary>
internal sealed class ImportedRequests : ImportedContent
{
    /// <summary>
    /// More are refused: with 24 bytes each, and the copies of them while percentiles are computed, an import stays below 1 GiB.
    /// </summary>
    public const int Most = 1 << 23;

    private readonly List<string> _kinds = [];

    public List<ImportedRequest> Requests { get; } = [];

    /// <summary>Nanoseconds from when requests were due to their last byte, where the format has it; in no order.</summary>
    public List<long> FromSchedule { get; } = [];

    public long? Dropped { get; set; }

    /// <param name="sent">Nanoseconds on the tool's clock; null when the format does not report it.</param>
    /// <param name="duration">Nanoseconds from the first byte sent to the last received.</param>
    /// <param name="failed">Null when the format does not report it.</param>
    /// <param name="kind">What kind of failure it was, see <see cref="FailureKind"/>.</param>
    public void Add(long? sent, long duration, bool? failed, string? kind = null)
    {
        if (Requests.Count >= Most)
            throw new InvalidDataException($"it holds more than {Most:#,0} requests: import a shorter part of it, or the tool's own sums");
        Requests.Add(new ImportedRequest(sent ?? ImportedRequest.Never, duration, Code(failed, kind)));
    }

    /// <summary>Says of the last request how it ended.</summary>
    public void Ended(bool failed, string? kind)
    {
        var last = Requests[^1];
        if (!failed) Requests[^1] = last with { Outcome = ImportedRequest.Succeeded };
        else if (!last.HasFailed) Requests[^1] = last with { Outcome = Code(true, kind) };
    }

    public string KindOf(ImportedRequest request) => _kinds[request.Outcome - ImportedRequest.FirstKind];

    public InvalidDataException None() => new(Remarks.Count > 0 ? $"it holds no requests; {Remarks[0]}" : "it holds no requests");

    private ushort Code(bool? failed, string? kind)
    {
        if (failed is not { } known) return ImportedRequest.Unknown;
        if (!known) return ImportedRequest.Succeeded;
        var place = _kinds.IndexOf(kind ?? FailureKind.Unnamed);
        if (place < 0)
        {
            place = _kinds.Count;
            _kinds.Add(kind ?? FailureKind.Unnamed);
        }
        return (ushort)(ImportedRequest.FirstKind + place);
    }
}

/// <summary>One request that another tool has measured; small, since there are millions.</summary>
/// <param name="Sent">Nanoseconds on that tool's clock, or <see cref="Never"/>.</param>
/// <param name="Duration">Nanoseconds.</param>
/// <param name="Outcome"><see cref="Succeeded"/>, <see cref="Unknown"/>, or a kind of failure from <see cref="FirstKind"/> on.</param>
internal readonly record struct ImportedRequest(long Sent, long Duration, ushort Outcome)
{
    public const long Never = long.MinValue;
    public const ushort Succeeded = 0;
    public const ushort Unknown = 1;
    public const ushort FirstKind = 2;

    public bool HasFailed => Outcome >= FirstKind;

    public long End => Sent + Duration;
}
