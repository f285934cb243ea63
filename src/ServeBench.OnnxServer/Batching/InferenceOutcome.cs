namespace ServeBench.OnnxServer.Batching;

/// <summary>How a request's inference ended.</summary>
internal enum InferenceOutcome
{
    /// <summary>Every text has its embedding.</summary>
    Done,

    /// <summary>The client went away before all texts were executed.</summary>
    Cancelled,

    /// <summary>The deadline passed before all texts were executed.</summary>
    Expired,

    /// <summary>The runtime failed on one of its texts.</summary>
    Failed,
}
