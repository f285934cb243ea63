using System.Text.Json;
using ServeBench.Load.Http;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Answers;

/// <summary>What real servers stream: which events hold a piece of the text, and when it came.</summary>
public sealed class RecordedStreamsTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n";
    private const string Completion = "choices[0].text";
    private const string Chat = "choices[0].delta.content";

    [Theory]
    [InlineData("vllm")]
    [InlineData("llama-cpp-server")]
    public void A_recorded_stream_has_a_piece_for_each_token_and_none_for_its_frame(string server)
    {
        var read = 0;
        foreach (var exchange in Recording.Exchanges(server))
        {
            if (exchange.GetProperty("response") is not { ValueKind: JsonValueKind.Object } response
                || !response.TryGetProperty("body", out var body)
                || body.ValueKind != JsonValueKind.Array
                || body.EnumerateArray().All(p => !p[1].GetString()!.StartsWith("data:", StringComparison.Ordinal))
                || body.EnumerateArray().Any(p => p[1].GetString()!.Contains(" more", StringComparison.Ordinal))) continue; // abbreviated
            var asked = exchange.GetProperty("request").GetProperty("body");
            var isChat = asked.TryGetProperty("messages", out _);
            if (!asked.TryGetProperty("max_tokens", out var most) && !asked.TryGetProperty("max_completion_tokens", out most)) continue;
            var reader = new EventStreamReader(new StreamEnd("[DONE]", null), 200, null, Protocols.Path(isChat ? Chat : Completion));
            var texts = Feed(reader, body);
            Assert.Equal(ParserState.Complete, reader.State);
            Assert.True(reader.IsAnswer, exchange.GetProperty("name").GetString());
            Assert.Equal(most.GetInt32(), texts.Count(t => t.Text.Length > 0));
            // Every event has a length, also those without text, and the last, which is no JSON in OpenAI's interfaces.
            Assert.Equal(reader.EventTimes.Length, reader.EventTexts!.Lengths.Length);
            Assert.True(texts.Count > most.GetInt32());
            read++;
        }
        Assert.InRange(read, 3, 100);
    }

    /// <summary>An event as the source of Text Generation Inference writes it: no space behind the colon, and no [DONE].</summary>
    [Fact]
    public void A_stream_may_end_with_the_event_that_has_the_whole_text()
    {
        static string Token(int id, string text, string whole) =>
            $"data:{{\"index\":{id},\"token\":{{\"id\":{id},\"text\":{JsonSerializer.Serialize(text)},\"logprob\":-1.5,\"special\":false}},\"generated_text\":{whole},\"details\":null}}\n\n";
        var reader = new EventStreamReader(new StreamEnd(null, null) { Has = Protocols.Path("generated_text") }, 200, null, Protocols.Path("token.text"));
        reader.Reset(null);
        reader.Feed(Latin1.Bytes(Head + Token(1, " \u00e9t", "null")), 5);
        Assert.False(reader.IsAnswer);
        reader.Feed(Latin1.Bytes(Token(2, "\"", "\" et\\\"\"")), 9);
        Assert.True(reader.IsAnswer);
        Assert.Equal(ParserState.Complete, reader.EndOfStream());
        Assert.Equal([4L, 1L], reader.EventTexts!.Lengths.ToArray());
        Assert.Equal(" ét\"", System.Text.Encoding.UTF8.GetString(reader.EventTexts.Bytes));
    }

    [Theory]
    [InlineData("{\"choices\":[{\"text\":null}]}")]
    [InlineData("{\"choices\":[{\"text\":\"\"}]}")]
    [InlineData("{\"choices\":[],\"usage\":{}}")]
    [InlineData("{\"error\":{\"message\":\"out of memory\"}}")]
    [InlineData("{\"choices\":[{\"text\":5}]}")]
    [InlineData("{\"choices\":[{\"text\":\"\\ud83d\"}]}")] // half a character
    [InlineData("no JSON")]
    public void What_holds_no_text_is_an_event_without_a_piece(string data)
    {
        var texts = new EventTexts(Protocols.Path(Completion));
        texts.Add(Latin1.Bytes(data));
        texts.Add("{\"choices\":[{\"text\":\" a\\nb\"}]}"u8);
        Assert.Equal([0L, 4L], texts.Lengths.ToArray());
        Assert.Equal(" a\nb", Latin1.Text(texts.Bytes.ToArray()));
        texts.Clear();
        Assert.True(texts.Lengths.IsEmpty && texts.Bytes.IsEmpty);
    }

    private static List<(long At, string Text)> Feed(EventStreamReader reader, JsonElement parts)
    {
        reader.Reset(null);
        reader.Feed(Latin1.Bytes(Head), 0);
        foreach (var part in parts.EnumerateArray())
        {
            var text = part[1].GetString()!;
            if (!text.StartsWith("<<", StringComparison.Ordinal)) reader.Feed(System.Text.Encoding.UTF8.GetBytes(text), (long)(part[0].GetDouble() * 1e6));
        }
        reader.EndOfStream();
        var texts = new List<(long, string)>();
        var at = 0;
        for (var i = 0; i < reader.EventTimes.Length; i++)
        {
            var length = (int)reader.EventTexts!.Lengths[i];
            texts.Add((reader.EventTimes[i], System.Text.Encoding.UTF8.GetString(reader.EventTexts.Bytes.Slice(at, length))));
            at += length;
        }
        return texts;
    }
}
