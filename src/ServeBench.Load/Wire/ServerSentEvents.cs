using System.Diagnostics.CodeAnalysis;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>One HTTP request whose answer is a stream of server-sent events (the HTML standard, section 9.2).</summary>
/// <param name="request">What is sent.</param>
/// <param name="status">The status of a good answer.</param>
/// <param name="end">Which event is the last of an answer.</param>
/// <param name="answer">What an event holds; null when the protocol does not say.</param>
public sealed class ServerSentEvents(HttpRequest request, int status, StreamEnd end, JsonAnswer? answer) : WireFormat
{
    private const string FormatName = "sse";

    public override string Name => FormatName;

    public override string? Uncomparable => answer is null ? "its file does not say what an event holds (response.json)" : null;

    public override int ExpectedStatus => status;

    public override bool HasEvents => true;

    public override bool HasTextEvents => true;

    public override bool HasTexts => answer is { IsText: true };

    public override IReadOnlyList<string> NullServerArguments => [$"--wire={FormatName}", $"--last={end.Example}"];

    public HttpRequest Request => request;

    public StreamEnd End => end;

    public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target) =>
        new RequestRenderer(protocol, request, target).Render;

    public override bool TryDecode(KeptAnswer kept, [NotNullWhen(true)] out DecodedAnswer? decoded, out string problem)
    {
        if (answer is null) throw new NotSupportedException($"{Name}: {Uncomparable}");
        decoded = null;
        problem = kept.Status != status ? $"status {kept.Status} instead of {status}"
            : kept.Events.Count == 0 ? "there is no event in the answer"
            : "";
        if (problem.Length == 0)
            return answer.TryDecode(
                [.. kept.Events.Where(e => !IsEndOnly(e)).Select(e => (ReadOnlyMemory<byte>)e.Data)], out decoded, out problem);
        problem = $"{problem}; the body begins: {JsonAnswer.Beginning(kept.Body)}";
        return false;
    }

    /// <summary>k6 itself does not speak it; with the extension, a script keeps the last event only.</summary>
    internal override K6Speech K6 =>
        new("sse.js.sbn", Describe)
        {
            Module = "k6/x/sse",
            SendsItsBodies = request.Body is JsonBody,
            KeepsWholeAnswers = false,
            PathOf = HttpRequest.PathOf,
            OwnHeadersOf = request.OwnHeaders,
        };

    internal override AnswerReader NewReader(AnswerRules? rules = null) =>
        new EventStreamReader(end, status, rules, HasTexts ? answer!.Items : null);

    /// <summary>Whether an event only ends the answer, and holds nothing of it.</summary>
    private bool IsEndOnly(AnswerEvent one) =>
        end.Text is { } text && one.Data.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text));

    private void Describe(Dictionary<string, object> values, ScriptCase one)
    {
        request.Describe(values, status, one);
        values["isLast"] = end.Condition("event.data");
    }

    internal sealed class Reader : IWireFormatReader
    {
        public string Name => FormatName;

        public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
        {
            var request = HttpRequest.Read(file.Mapping("request"), variables);
            var response = file.Mapping("response");
            var json = response.OptionalMapping("json");
            var read = new ServerSentEvents(
                request,
                response.Integer("status", 200, 299, 200),
                StreamEnd.Read(response),
                json is null ? null : JsonAnswer.Read(json, values));
            json?.Done();
            response.Done();
            return read;
        }
    }
}
