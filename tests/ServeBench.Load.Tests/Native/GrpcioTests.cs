using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.K6;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Tests.Wire;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Native;

/// <summary>Our driver's gRPC against grpcio's server.</summary>
[Lane("python")]
public sealed class GrpcioTests : DriverTest
{
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Calls_large_and_small_are_answered(string driver)
    {
        using var server = await GrpcioServer.StartAsync(Ct);
        string[] texts = ["x", new('y', 600_000)];
        var payloads = PayloadSet.Render(GrpcProtocols.OpenInference, server.EndPoint, texts.Select(t => PayloadVariables.OfTexts("m", [t])));
        var rows = Rows(await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(3)) with { Payloads = payloads }, Ct));
        Assert.InRange(rows.Length, 4, int.MaxValue);
        Assert.All(rows, s => Assert.Equal((Outcome.Success, payloads.Requests[s.Payload].BodyBytes - 5), (s.Outcome, s.ResponseBytes)));
        Assert.Equal(2, rows.Select(s => s.Payload).Distinct().Count());
    }

    [Theory]
    [InlineData(3, Outcome.ClientFault)]
    [InlineData(8, Outcome.Rejected)]
    [InlineData(14, Outcome.Failed)]
    public async Task A_failed_call_says_why(int status, Outcome outcome)
    {
        using var server = await GrpcioServer.StartAsync(Ct);
        var payloads = PayloadSet.Render(GrpcProtocols.OpenInference, server.EndPoint, [PayloadVariables.OfTexts("m", [$"status {status:00}"])]);
        var rows = Rows(await Driver("epoll").RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { Payloads = payloads }, Ct));
        Assert.NotEmpty(rows);
        Assert.All(rows, s => Assert.Equal((outcome, status), (s.Outcome, s.Status)));
        var kept = await payloads.Wire.AskAsync(server.EndPoint, payloads.Requests[0], 0, TimeSpan.FromSeconds(20), Ct);
        Assert.False(payloads.Wire.TryDecode(kept, out _, out var problem));
        Assert.EndsWith("it says: as asked: \u00e4", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_has_its_messages()
    {
        using var server = await GrpcioServer.StartAsync(Ct);
        var wire = WireFormat.Of(StreamedProtocols.Get("generate-grpc"));
        var request = wire.Renderer("p", server.EndPoint)(PayloadVariables.OfTexts("m", ["x"]));
        var kept = await wire.AskAsync(server.EndPoint, request, 0, TimeSpan.FromSeconds(20), Ct);
        Assert.Equal([request.BodyBytes - 5, request.BodyBytes - 5, request.BodyBytes - 5], kept.Events.Select(e => e.Data.Length));
    }
}
