using System.Net;
using System.Text;
using System.Text.Json;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>An answer of server-sent events, read event by event.</summary>
internal sealed class TokenStream(HttpResponseMessage response) : IDisposable
{
    private StreamReader? _reader;

    public HttpStatusCode Status => response.StatusCode;

    public HttpResponseMessage Response => response;

    /// <summary>The data of the next event; null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        if (await _reader.ReadLineAsync() is not { } line) return null;
        Assert.StartsWith("data:", line, StringComparison.Ordinal);
        Assert.Equal("", await _reader.ReadLineAsync());
        return line["data:".Length..].TrimStart();
    }

    /// <summary>The events that are left, without the mark of the end.</summary>
    public async Task<IReadOnlyList<JsonElement>> RestAsync()
    {
        var events = new List<JsonElement>();
        while (await NextAsync() is { } data)
        {
            if (data == "[DONE]")
            {
                Assert.Null(await NextAsync());
                return events;
            }
            events.Add(JsonElement.Parse(data));
        }
        throw new InvalidDataException($"the stream ended without [DONE] after {events.Count} events");
    }

    /// <summary>The texts of the events that are left, put together.</summary>
    public async Task<string> TextAsync()
    {
        var text = new StringBuilder();
        foreach (var one in await RestAsync())
        {
            foreach (var choice in one.GetProperty("choices").EnumerateArray()) text.Append(choice.GetProperty("text").GetString());
        }
        return text.ToString();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        response.Dispose();
    }
}
