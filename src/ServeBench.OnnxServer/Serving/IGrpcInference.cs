namespace ServeBench.OnnxServer.Serving;

/// <summary>Answers inference over gRPC for the models of one pipeline.</summary>
internal interface IGrpcInference
{
    /// <summary>Whether a model is one of them.</summary>
    bool Takes(ReadOnlySpan<char> model);

    /// <summary>ModelInfer: a call of one message.</summary>
    Task HandleAsync(HttpContext context);

    /// <summary>Answers one message of a ModelStreamInfer.</summary>
    /// <param name="context">The call.</param>
    /// <param name="message">The message.</param>
    /// <param name="latest">When the call expires.</param>
    Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> message, long latest);
}
