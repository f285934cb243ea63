namespace ServeBench.OnnxServer.Scheduling;

/// <summary>How a request's inference ended.</summary>
internal enum InferenceOutcome
{
    /// <summary>Every item has its result.</summary>
    Done,

    /// <summary>The client went away before all items were executed.</summary>
    Cancelled,

    /// <summary>The deadline passed before all items were executed.</summary>
    Expired,

    /// <summary>The runtime failed on one of its items.</summary>
    Failed,
}
