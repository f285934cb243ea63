using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Http;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Answers;

/// <summary>A recorded answer as the bytes that the server sent, and what our readers make of it.</summary>
internal static partial class RecordedAnswer
{
    /// <returns>The bytes of the answer; null where none was recorded.</returns>
    public static byte[]? Bytes(JsonElement exchange)
    {
        if (!exchange.TryGetProperty("response", out var response) || response.ValueKind != JsonValueKind.Object) return null;
        if (response.TryGetProperty("raw", out var raw)) return System.Text.Encoding.UTF8.GetBytes(raw.GetString()!);
        if (!response.TryGetProperty("status", out var status) || StatusCode().Match(status.ToString()) is not { Success: true } code) return null;
        var body = System.Text.Encoding.UTF8.GetBytes(Body(response));
        var head = new StringBuilder($"HTTP/1.1 {code.Value} Recorded\r\n");
        if (response.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object)
            foreach (var header in headers.EnumerateObject().Where(h => !Framing().IsMatch(h.Name))) head.Append($"{header.Name}: {header.Value}\r\n");
        if (code.Value is not "204") head.Append($"Content-Length: {body.Length}\r\n");
        return [.. System.Text.Encoding.UTF8.GetBytes($"{head}\r\n"), .. body];
    }

    /// <summary>The meaning in the words of the fixtures; fed in one piece and byte by byte, which must come to the same.</summary>
    public static string Meaning(byte[] answer, IReadOnlyList<OutcomeRule> rules)
    {
        var whole = MeaningOf(answer, answer.Length, rules);
        if (answer.Length < 5000) Assert.Equal(whole, MeaningOf(answer, 1, rules));
        return whole;
    }

    private static string MeaningOf(byte[] answer, int piece, IReadOnlyList<OutcomeRule> rules)
    {
        var reader = Reader(answer, rules);
        reader.Reset(null);
        for (var at = 0; at < answer.Length; at += piece) reader.Feed(answer.AsSpan(at, Math.Min(piece, answer.Length - at)), at);
        Assert.True(reader.State == ParserState.Complete, $"{reader.State}: {reader.Problem}");
        var outcome = reader.Meaning is { } meaning ? AnswerMeaning.Of(meaning, reader.Status)
            : reader.Status is >= 200 and < 300 ? Outcome.Success : AnswerMeaning.Of(reader.Status);
        return outcome switch
        {
            Outcome.Success => "success",
            Outcome.Rejected => "rejected",
            Outcome.ClientError or Outcome.ClientFault => "client-fault",
            Outcome.ServerTimeout => "timeout",
            Outcome.ServerError or Outcome.Failed or Outcome.FailedInside => "failed",
            _ => "unread",
        };
    }

    private static AnswerReader Reader(byte[] answer, IReadOnlyList<OutcomeRule> rules)
    {
        var isStream = System.Text.Encoding.UTF8.GetString(answer).Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        return isStream ? new EventStreamReader(new StreamEnd("[DONE]", null), 200, AnswerRules.Of(rules)) : new WholeAnswerReader(AnswerRules.Of(rules));
    }

    /// <summary>The body as text; the recorder's own forms (parsed JSON, lists of events with their times) as that.</summary>
    private static string Body(JsonElement response)
    {
        if (!response.TryGetProperty("body", out var body) || body.ValueKind == JsonValueKind.Null) return "";
        if (body.ValueKind != JsonValueKind.String) return body.GetRawText();
        var text = body.GetString()!;
        // Recorded with its chunk sizes.
        return Chunked().Match(text) is { Success: true } chunk ? chunk.Groups["body"].Value : text;
    }

    [GeneratedRegex(@"\b[1-5]\d\d\b")]
    private static partial Regex StatusCode();

    [GeneratedRegex("^(content-length|transfer-encoding|connection|keep-alive)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Framing();

    [GeneratedRegex(@"^[0-9a-f]+\r?\n(?<body>.*)\r?\n0\r?\n\r?\n?$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Chunked();
}
