using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>A kind of work, as far as catalogue files know one.</summary>
internal sealed class TextKind : IPayloadKind
{
    public string Name => "text";

    public IReadOnlyList<string> Variables { get; } = ["texts", "text"];

    public IReadOnlyList<AnswerValue> AnswerValues { get; } = [new("embedding", AnswerForm.Vectors), new("input-tokens", AnswerForm.Count)];

    public IReadOnlyList<LimitKey> Limits { get; } = [new("maximum-difference", 0, 2), new("least-cosine", -1, 1)];

    public PayloadSpec Read(YamlMapping section)
    {
        var payload = new TextsPayload(section.Text("corpus"), section.Integer("items-per-request", 1, 4096));
        section.Integer("distinct", 1, 1 << 20);
        section.OptionalMapping("lengths");
        section.Done();
        return payload;
    }
}

internal sealed record TextsPayload(string Corpus, int ItemsPerRequest) : PayloadSpec("text")
{
    public override int ItemsPerRequest { get; init; } = ItemsPerRequest;

    public override IReadOnlyList<string> Files => [Corpus];
}
