namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>Why a sequence ended.</summary>
internal enum FinishReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>It has as many tokens as were asked for, or as there is room for.</summary>
    Length,

    /// <summary>The model gave the token that ends a text.</summary>
    EndToken,

    /// <summary>The text came to one of the request's stop strings.</summary>
    StopText,
}
