using System.Text;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>Draws requests that were right once and then had bytes changed, doubled, moved or lost, in their heads and bodies.</summary>
internal sealed class RequestMutator(int seed)
{
    private static readonly (string Path, string Body)[] Right =
    [
        ("/v1/embeddings", """{"model":"all-MiniLM-L6-v2","input":"whale","encoding_format":"base64","dimensions":384}"""),
        ("/v1/embeddings", """{"model":"all-MiniLM-L6-v2","input":["whale","größe \ud83d\udc0b"],"user":"a"}"""),
        ("/v1/embeddings", """{"input":[[101,13156,102],[101,102]]}"""),
        ("/embed", """{"inputs":["whale",[101,102]],"truncate":true,"truncation_direction":"Left","normalize":true}"""),
        ("/v2/models/all-MiniLM-L6-v2/infer", """{"id":"7","inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["whale"]}],"outputs":[{"name":"embedding","parameters":{"binary_data":true}}]}"""),
        ("/v2/models/all-MiniLM-L6-v2/infer", """{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,3],"data":[[101,13156,102]]},{"name":"attention_mask","datatype":"INT64","shape":[1,3],"data":[1,1,1]}]}"""),
        ("/v2/models/all-MiniLM-L6-v2/versions/1/infer", """{"inputs":[{"name":"input_ids","datatype":"INT32","shape":[1,2],"parameters":{"binary_data_size":8}}]}"""),
        ("/v1/completions", """{"model":"tiny-gpt2","prompt":["whale","größe \ud83d\udc0b"],"max_tokens":3,"stop":["a","b"],"temperature":0.5,"top_p":0.9,"seed":7,"stream":true,"stream_options":{"include_usage":true}}"""),
        ("/v1/completions", """{"prompt":[[464,2068],[7586]],"max_tokens":2,"ignore_eos":true}"""),
        ("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"text","text":"whale"}]}],"max_completion_tokens":2}"""),
        ("/generate_stream", """{"inputs":"whale","parameters":{"max_new_tokens":2,"details":true,"do_sample":true,"stop":["x"],"seed":3}}"""),
    ];

    private static readonly string[] Pieces =
        ["{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1", "1e999", "99999999999999999999", "0.5", "\\ud800", "\\u0000", "\u0000", "\u00ff\u00fe", "\u00c3\u0028", "[[[[[[[[", "\"input\":", "\"inputs\":", "\"shape\":[2147483647,2147483647]", "\r\n", "\r\n\r\n"];

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
        var (path, right) = Right[_random.Next(Right.Length)];
        var body = Encoding.UTF8.GetBytes(right);
        if (path.Contains("versions", StringComparison.Ordinal)) body = [.. body, 101, 0, 0, 0, 102, 0, 0, 0];
        // One part is changed at a time, mostly: two faults hide each other.
        var part = _random.Next(10);
        if (part < 7) body = Mutate(body);
        var head = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n");
        if (path.Contains("versions", StringComparison.Ordinal)) head.Append($"Inference-Header-Content-Length: {right.Length}\r\n");
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
