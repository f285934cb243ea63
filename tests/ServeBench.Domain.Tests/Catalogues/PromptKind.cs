using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>The third kind of work that this repository has, whose payload does not matter here.</summary>
internal sealed class PromptKind : IPayloadKind
{
    public string Name => "prompt";

    public IReadOnlyList<string> Variables => [];

    public IReadOnlyList<AnswerValue> AnswerValues => [];

    public IReadOnlyList<LimitKey> Limits { get; } = [new("near-tie", 0, 100)];

    public PayloadSpec Read(YamlMapping section) => new PromptsPayload(section.Text("corpus"));
}

internal sealed record PromptsPayload(string Corpus) : PayloadSpec("prompt")
{
    public override int ItemsPerRequest { get; init; } = 1;

    public override IReadOnlyList<string> Files => [Corpus];
}
