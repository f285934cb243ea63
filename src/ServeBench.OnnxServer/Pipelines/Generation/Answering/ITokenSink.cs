using ServeBench.OnnxServer.Pipelines.Generation.Execution;

namespace ServeBench.OnnxServer.Pipelines.Generation.Answering;

/// <summary>Where the tokens of a request go as they come.</summary>
internal interface ITokenSink
{
    /// <summary>Takes a token; it need not be sent yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="item">Which of its sequences.</param>
    /// <param name="piece">The token.</param>
    void Add(GenerationRequest request, int item, in TokenPiece piece);

    /// <summary>Sends what was taken.</summary>
    ValueTask FlushAsync();
}
