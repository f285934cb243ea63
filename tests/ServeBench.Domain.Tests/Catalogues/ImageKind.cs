using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>The other kind of work that this repository has, whose payload does not matter here.</summary>
internal sealed class ImageKind : IPayloadKind
{
    public string Name => "image";

    public IReadOnlyList<string> Variables => [];

    public IReadOnlyList<AnswerValue> AnswerValues => [];

    public IReadOnlyList<LimitKey> Limits { get; } =
        [new("largest-logit-difference", 0, 10), new("largest-top-1-deficit", 0, 10), new("least-top-1-agreement", 0, 1)];

    public PayloadSpec Read(YamlMapping section) =>
        new ImagesPayload(section.Text("photographs"), section.Integer("items-per-request", 1, 64));
}

internal sealed record ImagesPayload(string Photographs, int ItemsPerRequest) : PayloadSpec("image")
{
    public override int ItemsPerRequest { get; init; } = ItemsPerRequest;

    public override IReadOnlyList<string> FilesOrFolders => [Photographs];
}
