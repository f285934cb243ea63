using System.Text;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>A request that is right.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Body">Its body.</param>
/// <param name="Type">The body's media type.</param>
/// <param name="JsonLength">How much of the body is JSON, where bytes follow it; 0 where nothing does.</param>
internal sealed record RightRequest(string Path, byte[] Body, string Type = "application/json", int JsonLength = 0)
{
    /// <param name="json">The whole body, or what <paramref name="bytes"/> follow.</param>
    public static RightRequest Of(string path, string json, byte[]? bytes = null)
    {
        var head = Encoding.UTF8.GetBytes(json);
        return bytes is null ? new RightRequest(path, head) : new RightRequest(path, [.. head, .. bytes], JsonLength: head.Length);
    }
}

/// <summary>Draws requests that were right once and then had bytes changed, doubled, moved or lost, in their heads and bodies.</summary>
internal sealed class RequestMutator(int seed, IReadOnlyList<RightRequest> right)
{
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1", "1e999", "99999999999999999999", "0.5", "\\ud800", "\\u0000", "\u0000", "\u00ff\u00fe", "\u00c3\u0028", "[[[[[[[[", "\"input\":", "\"inputs\":", "\"images\":", "--border", "\"shape\":[2147483647,2147483647]", "\r\n", "\r\n\r\n"];

    private static readonly string[] Headers =
    [
        "X-Request-Timeout: 1s", "X-Request-Timeout: -5", "Inference-Header-Content-Length: 20", "Inference-Header-Content-Length: 99999999999", "Expect: 100-continue", "Transfer-Encoding: chunked",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "traceparent: zz", "Content-Type: text/plain", "Content-Encoding: gzip", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "Host: b", "Accept: */*",
        "Cookie: a=b", "Content-Length: 0", "Content-Length: 1",
    ];

    private readonly Random _random = new(seed);

    /// <summary>One request as bytes, head and body.</summary>
    public byte[] Next()
    {
        var request = right[_random.Next(right.Count)];
        var body = request.Body;
        // One part is changed at a time, mostly: two faults hide each other.
        var part = _random.Next(10);
        if (part < 7) body = Mutate(body);
        var head = new StringBuilder($"POST {request.Path} HTTP/1.1\r\nHost: a\r\nContent-Type: {request.Type}\r\n");
        if (request.JsonLength > 0) head.Append($"Inference-Header-Content-Length: {request.JsonLength}\r\n");
        for (var more = _random.Next(part >= 6 ? 4 : 1); more > 0; more--) head.Append(Headers[_random.Next(Headers.Length)]).Append("\r\n");
        head.Append($"Content-Length: {body.Length}\r\n\r\n");
        var bytes = Encoding.Latin1.GetBytes(head.ToString());
        return [.. part == 9 ? Mutate(bytes) : bytes, .. body];
    }

    private byte[] Mutate(byte[] from)
    {
        var bytes = from.ToList();
        for (var times = 1 + _random.Next(3); times > 0; times--)
        {
            var at = _random.Next(bytes.Count + 1);
            var count = Math.Min(_random.Next(1, 12), bytes.Count - at);
            switch (_random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, count);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, count));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(Pieces[_random.Next(Pieces.Length)]));
                    break;
                case 4 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
            if (bytes.Count == 0) break;
        }
        return [.. bytes];
    }
}
