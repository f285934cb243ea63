using System.Diagnostics;
using System.Net.Http.Headers;
using ServeBench.OnnxServer.Telemetry;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Telemetry;

public sealed class TracingTests(PreparedMiniLm model)
{
    private const string Caller = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_request_is_a_span_of_its_callers_trace_with_its_parts()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId.ToString() != Caller) return;
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await GatedServer.StartAsync(model);
        using var content = new StringContent("""{"input":["whale","a"]}""", MediaTypeHeaderValue.Parse("application/json"));
        content.Headers.Add("traceparent", $"00-{Caller}-b7ad6b7169203331-01");
        server.Close();
        var answering = server.Server.Client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken);
        server.Runner.Began.Wait(TestContext.Current.CancellationToken);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        server.Runner.Gate.Set();
        using var response = await answering;
        // The span ends after the answer is sent.
        await Eventually.HoldsAsync(
            () =>
            {
                lock (spans) return spans.Exists(s => s.Kind == ActivityKind.Server);
            },
            "the request's span has ended");
        var request = spans.Single(s => s.Kind == ActivityKind.Server);
        Assert.Equal("POST /v1/embeddings", request.OperationName);
        Assert.Equal("b7ad6b7169203331", request.ParentSpanId.ToString());
        Assert.Equal(200, request.GetTagItem("http.response.status_code"));
        Assert.Equal(2, request.GetTagItem("servebench.items"));
        Assert.Equal("success", request.GetTagItem("servebench.outcome"));
        var parts = spans.Where(s => s.Kind == ActivityKind.Internal).OrderBy(s => s.StartTimeUtc).ThenBy(s => s.OperationName == "serialize").ToArray();
        Assert.Equal(["input", "queue", "inference", "serialize"], parts.Select(p => p.OperationName));
        Assert.All(parts, part => Assert.Equal(request.SpanId, part.ParentSpanId));
        Assert.Equal(TimeSpan.FromSeconds(2), parts.Single(p => p.OperationName == "inference").Duration);
        Assert.True(parts.Sum(p => p.Duration.TotalSeconds) <= request.Duration.TotalSeconds * 1.01);
    }
}
