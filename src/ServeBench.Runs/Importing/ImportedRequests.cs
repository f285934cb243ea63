namespace ServeBench.Runs.Importing;

/// <summary>Everything that one file tells.</summary>
internal sealed class ImportedRequests
{
    public List<ImportedRequest> Requests { get; } = [];

    /// <summary>Nanoseconds from when requests were due to their last byte, where the format tells; in no order.</summary>
    public List<long> FromSchedule { get; } = [];

    public long? Dropped { get; set; }

    public List<string> Remarks { get; } = [];
}
