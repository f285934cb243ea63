using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Serving;

/// <summary>What every way of asking works with; composed once.</summary>
internal sealed record InferenceServices
{
    public required ModelTable<ServedModel> Models { get; init; }

    public required ServerOptions Options { get; init; }

    /// <summary>Lets requests in, until the server is about to end.</summary>
    public required RequestGate Gate { get; init; }

    public required ServerMetrics Metrics { get; init; }

    public required AnswerSender Sender { get; init; }

    public required TimeProvider Time { get; init; }
}
