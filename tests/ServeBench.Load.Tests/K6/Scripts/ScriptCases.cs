using ServeBench.Domain.Plans;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.K6.Scripts;

/// <summary>Cases to write scripts of.</summary>
internal static class ScriptCases
{
    public static ScriptCase Of(LoadShape shape, WireFormat? wire = null, string protocol = "openai-embeddings") => new()
    {
        Title = $"mixed-length: {shape.Title}",
        Question = shape.Course is not null ? "Latency while the load changes" : shape is ClosedLoop ? "Throughput with a fixed number of requests in flight" : "Latency at a fixed rate",
        Protocol = protocol,
        Wire = wire ?? WireFormat.Of(Protocols.Embeddings),
        Shape = shape,
        WarmUpSeconds = 3,
        MarginSeconds = 0.5,
        MeasureSeconds = 4,
        WarmUpConcurrency = 4,
        Deadline = TimeSpan.FromSeconds(10),
        LatencyP95 = TimeSpan.FromMilliseconds(250),
        ErrorRate = 0.001,
        File = "case.js",
        PayloadFile = "payloads.json",
        ArrivalFile = "arrivals.json",
    };
}
