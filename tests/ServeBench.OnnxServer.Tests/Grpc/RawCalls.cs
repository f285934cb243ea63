using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>Calls of gRPC by HTTP/2 alone: with bytes and headers that no client of gRPC sends.</summary>
internal sealed class RawCalls(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>A message with the bytes that stand before it.</summary>
    public static ByteArrayContent Message(byte[] message)
    {
        var bytes = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), message.Length);
        message.CopyTo(bytes.AsSpan(5));
        return new ByteArrayContent(bytes);
    }

    /// <param name="method">The method, with its service where that is not inference.</param>
    /// <returns>The status that the call ends with, and its message as it is sent.</returns>
    public async Task<(string Status, string Message)> CallAsync(string method, HttpContent content, params (string Name, string Value)[] headers)
    {
        var cancel = TestContext.Current.CancellationToken;
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, method.Contains('/', StringComparison.Ordinal) ? $"/{method}" : $"/inference.GRPCInferenceService/{method}") { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancel);
        var from = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return (from.GetValues("grpc-status").Single(), from.TryGetValues("grpc-message", out var message) ? message.Single() : "");
    }

    public void Dispose() => _client.Dispose();
}
