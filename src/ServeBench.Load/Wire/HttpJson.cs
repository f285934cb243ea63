using System.Diagnostics.CodeAnalysis;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>One HTTP request and one whole response in JSON.</summary>
/// <param name="request">What is sent.</param>
/// <param name="status">The status of a good answer.</param>
/// <param name="answer">How the body is understood.</param>
public sealed class HttpJson(HttpRequest request, int status, JsonAnswer answer) : WireFormat
{
    private const string FormatName = "http";

    public override string Name => FormatName;

    public override int ExpectedStatus => status;

    public override IReadOnlyList<string> NullServerArguments => [];

    public HttpRequest Request => request;

    public override Func<PayloadVariables, RenderedRequest> Renderer(string protocol, ServerTarget target) =>
        new RequestRenderer(protocol, request, target).Render;

    public override bool TryDecode(KeptAnswer kept, [NotNullWhen(true)] out DecodedAnswer? decoded, out string problem)
    {
        decoded = null;
        if (kept.Status != status)
        {
            problem = $"status {kept.Status} instead of {status}; the body begins: {JsonAnswer.Beginning(kept.Body)}";
            return false;
        }
        return answer.TryDecode(kept.Body, out decoded, out problem);
    }

    internal override K6Speech K6 =>
        new("http.js.sbn", Describe) { IsCountedByK6 = true, PathOf = HttpRequest.PathOf, OwnHeadersOf = request.OwnHeaders };

    internal override AnswerReader NewReader(AnswerRules? rules = null) => new WholeAnswerReader(rules);

    private void Describe(Dictionary<string, object> values, ScriptCase one)
    {
        request.Describe(values, status, one);
        ScriptCheck[] checks = [.. answer.Checks()];
        values["checks"] = checks;
        values["lists"] = checks.Any(c => c.Condition.Contains("listOf", StringComparison.Ordinal));
    }

    internal sealed class Reader : IWireFormatReader
    {
        public string Name => FormatName;

        public IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values)
        {
            var request = HttpRequest.Read(file.Mapping("request"), variables);
            var response = file.Mapping("response");
            var json = response.Mapping("json");
            var read = new HttpJson(request, response.Integer("status", 200, 299, 200), JsonAnswer.Read(json, values));
            json.Done();
            response.Done();
            return read;
        }
    }
}
