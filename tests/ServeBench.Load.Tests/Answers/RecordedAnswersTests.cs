using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Answers;

namespace ServeBench.Load.Tests.Answers;

/// <summary>Every recorded answer of every real server means what its facts.md says, by a few rules for each server.</summary>
public sealed class RecordedAnswersTests
{
    public static TheoryData<string> Servers => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Servers))]
    public void Each_recorded_answer_means_what_is_stated(string server)
    {
        var recording = Recording.Read(server);
        var wrong = new List<string>();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var line = 1; line <= recording.Lines.Count; line++)
        {
            var stated = recording.Stated(line);
            counts[stated] = counts.GetValueOrDefault(stated) + 1;
            var answer = RecordedAnswer.Bytes(recording.Lines[line - 1]);
            if (Recording.NotAnswers.Contains(stated) || stated == "unstated") continue;
            if (answer is null)
            {
                wrong.Add($"{line}: {stated}, but no answer was recorded");
                continue;
            }
            var found = stated == "not-ready" ? Readiness(recording, recording.Lines[line - 1]) : RecordedAnswer.Meaning(answer, recording.Rules);
            if (found != stated) wrong.Add($"{line} ({recording.Lines[line - 1].GetProperty("name")}): {stated}, but read as {found}");
        }
        Assert.True(wrong.Count == 0, $"{server}:\n{string.Join('\n', wrong)}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{server}: {string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}"))}");
    }

    [Fact]
    public void Without_the_rules_answers_are_misread()
    {
        var misread = 0;
        foreach (var recording in Recording.Names.Select(Recording.Read))
        {
            for (var line = 1; line <= recording.Lines.Count; line++)
            {
                if (recording.Stated(line) is not ("success" or "rejected" or "client-fault" or "timeout" or "failed")) continue;
                if (RecordedAnswer.Meaning(RecordedAnswer.Bytes(recording.Lines[line - 1])!, []) != recording.Stated(line)) misread++;
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{misread} answers would be misread by their status");
        Assert.InRange(misread, 20, 200);
    }

    /// <summary>
    /// Of TGI no answers were recorded; its facts.md states the events with which a stream fails that has begun with 200. The rules are its
    /// stack's.
    /// </summary>
    [Theory]
    [InlineData("""{"error":"Model is overloaded","error_type":"overloaded"}""", "rejected")]
    [InlineData("""{"error":"Input validation error: `inputs` cannot be empty","error_type":"validation"}""", "client-fault")]
    [InlineData("""{"error":"Request failed during generation","error_type":"generation"}""", "failed")]
    [InlineData("""{"error":"Incomplete generation stream","error_type":"incomplete_generation_stream"}""", "failed")]
    [InlineData("""{"error":{"message":"Model is overloaded","http_status_code":422}}""", "rejected")]
    [InlineData("""{"error":{"message":"temperature must be strictly positive","http_status_code":422}}""", "client-fault")]
    [InlineData("""{"index":1,"token":{"id":3,"text":"error"},"generated_text":null}""", "success")]
    public void An_event_with_which_a_stream_of_TGI_fails_means_what_is_stated(string data, string stated)
    {
        var faults = new FaultList();
        var rules = OutcomeRuleReader.Read(YamlFile.Read(Recording.StackOf("tgi")!, "stack.yaml", faults)!);
        faults.ThrowIfAny();
        var body = $"data:{data}\n\ndata:[DONE]\n\n";
        var answer = System.Text.Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.Equal(stated, RecordedAnswer.Meaning(answer, rules));
    }

    /// <summary>The calls of a client library whose bytes were recorded: each answer of the server means what the call came to.</summary>
    [Fact]
    public void The_answers_to_a_client_library_mean_what_its_calls_came_to()
    {
        var rules = Recording.Read("triton").Rules;
        var checkedCalls = 0;
        foreach (var call in Recording.Exchanges("tritonclient").Where(c => c.TryGetProperty("triton_wire", out _)))
        {
            var answers = call.GetProperty("triton_wire").EnumerateArray().Where(m => m[0].GetString() == "server").Select(m => m[1].GetString()!).ToArray();
            var expected = call.GetProperty("triton")[0].GetString() == "ok" ? "success" : "client-fault";
            Assert.All(answers, a => Assert.Equal(expected, RecordedAnswer.Meaning(Wire(a), rules)));
            checkedCalls++;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{checkedCalls} calls with recorded bytes");
        Assert.NotEqual(0, checkedCalls);
    }

    /// <summary>Long bodies were cut by the recorder: what is left is given its own length.</summary>
    private static byte[] Wire(string recorded)
    {
        var text = recorded;
        if (recorded.StartsWith("hex:", StringComparison.Ordinal))
        {
            var hex = recorded[4..].TrimEnd('.');
            text = System.Text.Encoding.Latin1.GetString(Convert.FromHexString(hex[..(hex.Length / 2 * 2)]));
        }
        var head = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        var body = System.Text.Encoding.Latin1.GetBytes(text[head.Length..]);
        head = System.Text.RegularExpressions.Regex.Replace(head, "(?i)content-length: [0-9]+", $"Content-Length: {body.Length}");
        return [.. System.Text.Encoding.Latin1.GetBytes(head), .. body];
    }

    /// <summary>Whether the stack's probes would take this answer for that of a server that is ready.</summary>
    private static string Readiness(Recording recording, JsonElement line)
    {
        var response = line.GetProperty("response");
        var body = response.GetProperty("body") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : response.GetProperty("body").GetRawText();
        var status = int.Parse(System.Text.RegularExpressions.Regex.Match(response.GetProperty("status").ToString(), @"\b\d\d\d\b").Value);
        bool Holds(ReadyProbe probe) =>
            probe.Status.Contains(status) && (probe.Body is null || new BodyMatcher(probe.Body).Fits(System.Text.Encoding.UTF8.GetBytes(body)));
        return recording.Ready.Probes.Count > 0 && !recording.Ready.Probes.Any(Holds) ? "not-ready" : "ready";
    }
}
