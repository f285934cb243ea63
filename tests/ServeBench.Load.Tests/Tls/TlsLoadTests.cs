using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Targets;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Tests.Http2;
using ServeBench.Load.Tests.Native;
using ServeBench.Load.Tests.Wire;
using ServeBench.Load.Tls;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Tls;

/// <summary>Servers with a certificate, by our own driver in either way of input and output, and single questions to them.</summary>
[Lane("slow")]
public sealed class TlsLoadTests : DriverTest, IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Requests_with_their_headers_are_answered_on_connections_that_stay(string driver)
    {
        var (connections, wrong) = (new ConcurrentDictionary<string, bool>(), 0);
        await using var server = await SecureServer.StartAsync(_authority.Issue(), HttpProtocols.Http1, async context =>
        {
            connections[context.Connection.Id] = true;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            if (context.Request.Headers.Authorization != "Bearer secret-1" || context.Request.Path != "/base/v1/embeddings" || body.Length != context.Request.ContentLength)
                Interlocked.Increment(ref wrong);
            await context.Response.WriteAsync(new string('x', 100_000));
        });
        var target = Target(server.EndPoint) with { BasePath = "/base", Headers = [new SecretHeader("Authorization", "TOKEN", "Bearer secret-1")] };
        var result = await Driver(driver).RunAsync(Load(target), Ct);
        Assert.InRange(result.Samples.Count, 5, int.MaxValue);
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Success, 200, 100_000), (s.Outcome, s.Status, s.ResponseBytes)));
        Assert.Equal(0, wrong);
        Assert.Equal(3, connections.Count);
        Assert.Null(result.Disturbance);
    }

    /// <summary>A request of a megabyte, many records long, is read whole.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Large_requests_go_out_whole(string driver)
    {
        var lengths = new ConcurrentDictionary<long, bool>();
        await using var server = await SecureServer.StartAsync(_authority.Issue(), HttpProtocols.Http1, async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lengths[body.Length] = true;
            await context.Response.WriteAsync("{}");
        });
        var payloads = PayloadSet.Render(Protocols.Embeddings, Target(server.EndPoint), [PayloadVariables.OfTexts("m", [new string('y', 1_000_000)])]);
        var result = await Driver(driver).RunAsync(Load(Target(server.EndPoint)) with { Payloads = payloads }, Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal([payloads.Requests[0].BodyBytes], lengths.Keys.Select(l => (int)l));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Calls_over_HTTP2_are_agreed_upon(string driver)
    {
        var schemes = new ConcurrentDictionary<string, bool>();
        await using var server = await SecureServer.StartAsync(_authority.Issue(), HttpProtocols.Http2, async context =>
        {
            schemes[$"{context.Request.Scheme} {context.Request.Headers["x-api-key"]}"] = true;
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(Frames.Message(GrpcLoadTests.Vector));
            context.Response.AppendTrailer("grpc-status", "0");
        });
        var target = Target(server.EndPoint) with { Headers = [new SecretHeader("X-Api-Key", "KEY", "k1")] };
        var payloads = PayloadSet.Render(GrpcProtocols.OpenInference, target, [PayloadVariables.OfTexts("m", ["text"])]);
        var result = await Driver(driver).RunAsync(Load(target) with { Payloads = payloads }, Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal(["https k1"], schemes.Keys);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_certificate_that_nobody_vouches_for_is_refused(string driver)
    {
        var asked = 0;
        await using var server = await SecureServer.StartAsync(_authority.Issue(), HttpProtocols.Http1, _ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        var target = Target(server.EndPoint) with { Tls = new TlsTrust("localhost") };
        var result = await Driver(driver).RunAsync(Load(target), Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Refused, s.Outcome));
        Assert.Contains("is refused by the authorities of this system", result.Disturbance, StringComparison.Ordinal);
        Assert.Contains("--endpoint-ca", result.Disturbance, StringComparison.Ordinal);
        Assert.Equal(0, asked);
        var refused = await Assert.ThrowsAsync<TlsRefusedException>(() => AskAsync(target));
        Assert.Contains("--endpoint-ca", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_refused()
    {
        await using var server = await SecureServer.StartAsync(_authority.Issue("elsewhere.test"), HttpProtocols.Http1, c => c.Response.WriteAsync("{}"));
        var refused = await Assert.ThrowsAsync<TlsRefusedException>(() => AskAsync(Target(server.EndPoint)));
        Assert.Contains("it does not hold the name localhost", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_server_without_HTTP2_gets_no_call(string driver)
    {
        await using var server = await SecureServer.StartAsync(_authority.Issue(), HttpProtocols.Http1, c => c.Response.WriteAsync("{}"));
        var payloads = PayloadSet.Render(GrpcProtocols.OpenInference, Target(server.EndPoint), [PayloadVariables.OfTexts("m", ["text"])]);
        var result = await Driver(driver).RunAsync(Load(Target(server.EndPoint)) with { Payloads = payloads }, Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Refused, s.Outcome));
    }

    [Fact]
    public async Task A_server_without_TLS_is_no_secure_server()
    {
        using var server = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var answered = Task.Run(async () =>
        {
            using var client = await server.AcceptTcpClientAsync(Ct);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Ct);
            Assert.True(await client.GetStream().ReadAsync(new byte[1000], Ct) > 0);
        }, Ct);
        var refused = await Assert.ThrowsAsync<TlsRefusedException>(() => AskAsync(Target((IPEndPoint)server.LocalEndpoint)));
        Assert.StartsWith("no TLS with localhost:", refused.Message, StringComparison.Ordinal);
        await answered;
    }

    [Fact]
    public async Task A_single_question_is_answered()
    {
        await using var server = await SecureServer.StartAsync(_authority.Issue(), HttpProtocols.Http1, c => c.Response.WriteAsync($"{{\"to\": \"{c.Request.Host}\"}}"));
        var answer = await AskAsync(Target(server.EndPoint));
        Assert.Equal($"{{\"to\": \"localhost:{server.EndPoint.Port}\"}}", System.Text.Encoding.UTF8.GetString(answer.Body));
    }

    private ServerTarget Target(IPEndPoint at) => new(at)
    {
        Authority = $"localhost:{at.Port}",
        Tls = new TlsTrust("localhost", "tests.pem") { Authorities = _authority.Trusted },
    };

    private static Task<KeptAnswer> AskAsync(ServerTarget target) => WireFormat.Of(Protocols.Embeddings).AskAsync(
        target,
        PayloadSet.Render(Protocols.Embeddings, target, [PayloadVariables.OfTexts("m", ["text"])]).Requests[0],
        0,
        TimeSpan.FromSeconds(20),
        Ct);

    private static LoadJob Load(ServerTarget target) => Job(target.Address, new ClosedLoop(3)) with
    {
        Target = target,
        Payloads = PayloadSet.Render(Protocols.Embeddings, target, [PayloadVariables.OfTexts("m", ["text"])]),
    };
}
