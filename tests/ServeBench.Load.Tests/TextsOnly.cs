using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Load.Tests;

/// <summary>The kind of work whose payloads the tests' protocols carry.</summary>
internal sealed class TextsOnly : IPayloadKind
{
    public string Name => "text";

    public IReadOnlyList<string> Variables { get; } = ["texts", "text"];

    public IReadOnlyList<AnswerValue> AnswerValues { get; } = [new("embedding", AnswerForm.Vectors), new("input-tokens", AnswerForm.Count)];

    public IReadOnlyList<LimitKey> Limits => [];

    public PayloadSpec Read(YamlMapping section) => throw new NotSupportedException("no workload is read here");
}
