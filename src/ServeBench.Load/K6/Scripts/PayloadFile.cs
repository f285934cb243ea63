using System.Text.Encodings.Web;
using System.Text.Json;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.K6.Scripts;

/// <summary>The requests of a case as a script reads them: what the native driver sends, taken apart again.</summary>
public sealed class PayloadFile
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<Entry> _entries;

    private PayloadFile(IReadOnlyList<Entry> entries)
    {
        _entries = entries;
        Binary = entries.Any(e => e.Text is null);
        OwnHeaders = entries.Any(e => !e.Headers.SequenceEqual(entries[0].Headers));
        SharedHeaders = OwnHeaders ? [] : entries[0].Headers;
        OwnPaths = entries.Select(e => e.Path).Distinct().Skip(1).Any();
    }

    /// <summary>Whether bodies are bytes that are not text; they are then written as base64.</summary>
    public bool Binary { get; }

    /// <summary>Whether requests differ in their path; each is then in the file.</summary>
    public bool OwnPaths { get; }

    /// <summary>Whether requests differ in headers that the protocol does not name; they are then in the file.</summary>
    public bool OwnHeaders { get; }

    /// <summary>Headers that the protocol does not name, where they are the same of all requests.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SharedHeaders { get; }

    /// <summary>The path of the first request.</summary>
    public string Path => _entries[0].Path;

    /// <param name="payloads">The rendered requests.</param>
    /// <param name="order">Which of them comes when: the file's n-th entry is the payload of this number.</param>
    public static PayloadFile Of(PayloadSet payloads, IEnumerable<int> order) =>
        new([.. order.Select(n => Read(payloads.Wire, payloads.Requests[n]))]);

    /// <summary>Writes a JSON array with one entry per line.</summary>
    /// <param name="name">Path of the file.</param>
    public void Write(string name)
    {
        using var file = File.Create(name);
        file.Write("[\n"u8);
        for (var i = 0; i < _entries.Count; i++)
        {
            if (i > 0) file.Write(",\n"u8);
            using var json = new Utf8JsonWriter(file, Options);
            json.WriteStartObject();
            if (OwnPaths) json.WriteString("path", _entries[i].Path);
            if (OwnHeaders)
            {
                json.WriteStartObject("headers");
                foreach (var (header, value) in _entries[i].Headers) json.WriteString(header, value);
                json.WriteEndObject();
            }
            if (Binary) json.WriteBase64String("body", _entries[i].Body);
            else json.WriteString("body", _entries[i].Text);
            json.WriteNumber("items", _entries[i].Items);
            json.WriteEndObject();
        }
        file.Write("\n]\n"u8);
    }

    private static Entry Read(WireFormat wire, RenderedRequest request)
    {
        var body = wire.K6.BodyOf(request);
        return new Entry(wire.K6.PathOf(request), body, TextOf(body), request.Items, wire.K6.OwnHeadersOf(request));
    }

    private static string? TextOf(byte[] body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body);
        return System.Text.Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(body) ? text : null;
    }

    private sealed record Entry(
        string Path, byte[] Body, string? Text, int Items, IReadOnlyList<KeyValuePair<string, string>> Headers);
}
