using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Clients;

/// <summary>.NET's client over HTTP/2 without TLS.</summary>
public sealed class Http2Tests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task Many_requests_at_once_share_one_connection()
    {
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = shared.Server.Client.BaseAddress, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var texts = Enumerable.Range(0, 40).Select(i => $"text {i} of several").ToArray();
        await Task.WhenAll(texts.Select(async text =>
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { input = text }), MediaTypeHeaderValue.Parse("application/json"));
            using var response = await client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpVersion.Version20, response.Version);
            var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Embeddings.AssertSame(model.Embed(text), Embeddings.Of(body, 0));
        }));
        Assert.Equal(1, connections);
    }
}
