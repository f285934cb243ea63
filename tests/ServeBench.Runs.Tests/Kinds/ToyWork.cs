using System.Text.Json.Nodes;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Kinds;

/// <summary>A kind of work in miniature, in this one file: a number in, its double out. It has no raw runtime.</summary>
internal sealed class ToyWork : WorkKind
{
    public override string Name => "number";

    public override Nouns Nouns { get; } = new("numbers", "doubles");

    public override IReadOnlyList<string> Variables { get; } = ["number"];

    public override IReadOnlyList<AnswerValue> AnswerValues { get; } = [new("double", AnswerForm.Vectors)];

    public override IReadOnlyList<Measure> Measures { get; } = [new(new("largest-error", 0, 100), "error", HigherIsBetter: false)];

    public override PayloadSpec Read(YamlMapping section)
    {
        var payload = new NumberPayload(section.Integer("largest", 1, 1000), section.Integer("distinct", 1, 1000));
        section.Done();
        return payload;
    }

    public override string Describe(PayloadSpec payload) => $"numbers up to {((NumberPayload)payload).Largest}";

    public override DrawnRequests Draw(PayloadSpec payload, string dataFolder, ModelArtifact model, long seed)
    {
        var spec = (NumberPayload)payload;
        return new DrawnRequests([.. Enumerable.Range(0, spec.Distinct).Select(i => new NumberRequest((int)(Seeds.Derive(seed, $"number {i}") % spec.Largest)))], Mix: 1);
    }

    public override IReadOnlyList<Reference> References(ModelArtifact model) => [.. new[] { 1, 21 }.Select(n => new Reference($"{n}", new NumberRequest(n), 2.0 * n))];

    public override Closeness Compare(object expected, ServedAnswer answer, int item) => answer.Vectors.TryGetValue("double", out var vectors)
        ? new Closeness(null, [Math.Abs((double)expected - vectors[item][0])])
        : Closeness.Not("there is no number");

    public override IExpectations Expectations(ModelArtifact model) => new Doubles();

    public override string NullAnswer(ModelArtifact model, int items) => "{\"answers\":[[4.0000]]}";

    private sealed class Doubles : IExpectations
    {
        public IReadOnlyList<object> Of(WorkRequest request) => [2.0 * ((NumberRequest)request).Number];

        public void Dispose() { }
    }
}

internal sealed record NumberPayload(int Largest, int Distinct) : PayloadSpec("number")
{
    public override int ItemsPerRequest { get; init; } = 1;
}

internal sealed record NumberRequest(int Number) : WorkRequest
{
    public override int Items => 1;

    public override string Identity => $"{Number}";

    public override int Size => Identity.Length;

    public override IReadOnlyDictionary<string, JsonNode> Values => new Dictionary<string, JsonNode> { ["number"] = JsonValue.Create(Number) };
}
