using ServeBench.Load.Wire;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Tests.K6.Scripts;

public class ScriptWriterTests
{
    private static readonly ScriptWriter Writer = new(Repository.Templates);

    public static TheoryData<string, LoadShape> Shapes { get; } = new()
    {
        { "http-closed.js", new ClosedLoop(16) },
        { "http-constant.js", new OpenLoop("constant", 24.5) },
        { "http-poisson.js", new OpenLoop("poisson", 122) },
        { "http-ramping-vus.js", new ClosedRamp(new Ramp(2, [new(TimeSpan.FromSeconds(2.5), 16), new(TimeSpan.FromSeconds(1.5), 4)])) },
        { "http-ramping-arrival-rate.js", new OpenRamp(new Ramp(0, [new(TimeSpan.FromSeconds(2), 24.5), new(TimeSpan.FromSeconds(1), 24.5), new(TimeSpan.FromSeconds(1), 5)])) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Is_what_a_person_has_read_and_approved(string name, LoadShape shape) => Repository.Approve(name, Writer.Write(ScriptCases.Of(shape)));

    public static TheoryData<string, string, LoadShape> Streamed { get; } = new()
    {
        { "grpc-unary.js", "kserve-grpc", new ClosedLoop(8) },
        { "grpc-stream.js", "generate-grpc", new OpenLoop("poisson", 5) },
        { "websocket.js", "transcribe-websocket", new OpenLoop("constant", 5) },
        { "sse.js", "chat-sse", new ClosedLoop(8) },
        { "websocket-ramping-arrival-rate.js", "transcribe-websocket", new OpenRamp(new Ramp(1, [new(TimeSpan.FromSeconds(4), 5)])) },
    };

    [Theory]
    [MemberData(nameof(Streamed))]
    public void Every_wire_format_of_the_catalogue_has_a_script(string name, string protocol, LoadShape shape) =>
        Repository.Approve(name, Writer.Write(ScriptCases.Of(shape, WireFormat.Of(StreamedProtocols.Get(protocol)), protocol)));

    /// <summary>A server that runs already, with a certificate, a header and a bound: the script names a variable, never a value.</summary>
    [Theory]
    [InlineData("kserve-grpc", "plaintext: false", "metadata: { 'authorization': __ENV.SERVEBENCH_HEADER_1 || '' }")]
    [InlineData("chat-sse", "`https://${HOST}", "'authorization': __ENV.SERVEBENCH_HEADER_1 || '' }")]
    [InlineData(null, "`https://${HOST}", "'authorization': __ENV.SERVEBENCH_HEADER_1 || '' }")]
    public void Secrets_come_from_the_environment(string? protocol, string secure, string header)
    {
        var one = protocol is null
            ? ScriptCases.Of(new ClosedLoop(8))
            : ScriptCases.Of(new ClosedLoop(8), WireFormat.Of(StreamedProtocols.Get(protocol)), protocol);
        var script = Writer.Write(one with { Scheme = "https", SecretHeaders = [new("Authorization", "SERVEBENCH_HEADER_1")], MostPerSecond = 20.5 });
        foreach (var part in (string[])[secure, header, "  rps: 20,", "  maxRedirects: 0,"]) Assert.Contains(part, script, StringComparison.Ordinal);
        Assert.DoesNotContain("rps:", Writer.Write(one), StringComparison.Ordinal);
    }

    /// <summary>What k6 is told of a stack's rules, as a person has read and approved it.</summary>
    [Theory]
    [InlineData("http-rules.js", null)]
    [InlineData("sse-rules.js", "chat-sse")]
    [InlineData("grpc-rules.js", "kserve-grpc")]
    [InlineData("grpc-stream-rules.js", "generate-grpc")]
    public void Outcome_rules_become_conditions(string name, string? protocol)
    {
        OutcomeRule[] rules =
        [
            new([503], [new HeaderCondition("Retry-After", IsPresent: true, null), new HeaderCondition("x-why", IsPresent: false, null)], null, null, OutcomeMeaning.Rejected),
            new([500, 503], [], new BodyCondition(null, null, ["queue's", "no room"], ["sorry"]), null, OutcomeMeaning.Rejected),
            new([200], [], new BodyCondition(JsonPath.TryParse("errors[*].code", out _), "7", [], []), null, OutcomeMeaning.Failed),
            new([], [], null, new BodyCondition(JsonPath.TryParse("error", out _), null, [], []), OutcomeMeaning.Failed),
        ];
        var one = protocol is null
            ? ScriptCases.Of(new ClosedLoop(8))
            : ScriptCases.Of(new ClosedLoop(8), WireFormat.Of(StreamedProtocols.Get(protocol)), protocol);
        Repository.Approve(name, Writer.Write(one with { Rules = rules }));
    }

    [Fact]
    public void Headers_that_differ_are_taken_from_the_payload() =>
        Repository.Approve("http-headers.js", Writer.Write(ScriptCases.Of(new ClosedLoop(2)) with { OwnHeaders = true, Binary = true }));

    [Fact]
    public void Equal_cases_give_equal_scripts() =>
        Assert.Equal(new ScriptWriter(Repository.Templates).Write(ScriptCases.Of(new ClosedLoop(2))), Writer.Write(ScriptCases.Of(new ClosedLoop(2))));

    [Fact]
    public void A_title_cannot_end_the_comment_that_it_stands_in()
    {
        var script = Writer.Write(ScriptCases.Of(new ClosedLoop(2)) with { Title = "two\nlines" });
        Assert.StartsWith("// two lines\n", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ nothing }}", "nothing")]
    [InlineData("{{ for threshold in thresholds }}{{ threshold.nothing }}{{ end }}", "nothing")]
    [InlineData("{{ if open }}", "http.js.sbn(1,")]
    [InlineData("{{ include 'no-part' }}", "no-part")]
    public void A_template_that_is_wrong_is_named_with_its_line_and_gives_no_script(string template, string named)
    {
        var folder = Directory.CreateTempSubdirectory("servebench-k6-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "http.js.sbn"), template);
            var error = Assert.Throws<InvalidDataException>(() => new ScriptWriter(folder).Write(ScriptCases.Of(new ClosedLoop(2))));
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
            Assert.Contains("http.js.sbn(1,", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(24, 24, "1s")]
    [InlineData(24.5, 245, "10s")]
    [InlineData(0.125, 125, "1000s")]
    [InlineData(119, 119, "1s")]
    public void A_rate_is_whole_iterations_per_unit_of_time(double rate, long numerator, string unit) => Assert.Equal((numerator, unit), ScriptModel.Rate(rate));
}
