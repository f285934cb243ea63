using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Hosting;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Protocols.Inference;

/// <summary>What every way of asking for embeddings works with; composed once.</summary>
internal sealed record InferenceServices
{
    public required ModelTable Models { get; init; }

    public required ServerOptions Options { get; init; }

    /// <summary>Lets requests in, until the server is about to end.</summary>
    public required RequestGate Gate { get; init; }

    public required ServerMetrics Metrics { get; init; }

    public required InferenceRequestPool Pool { get; init; }

    public required AnswerSender Sender { get; init; }

    public required TimeProvider Time { get; init; }
}
