using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Catalogues;

/// <summary>
/// A kind of work as the catalogue sees it: what the <c>payload:</c> section of a workload says, what that gives to protocols, and
/// which limits the cards of its models name. <see cref="ISectionReader.Name"/> is what <c>payload.kind</c> chooses it by.
/// </summary>
public interface IPayloadKind : ISectionReader
{
    /// <summary>The variables that templates of a protocol may use besides <c>model</c>.</summary>
    IReadOnlyList<string> Variables { get; }

    /// <summary>What protocols may say of an answer's JSON besides where its items are.</summary>
    IReadOnlyList<AnswerValue> AnswerValues { get; }

    /// <summary>The limits that <c>parity:</c> of a model card must name for it, and may name no others.</summary>
    IReadOnlyList<LimitKey> Limits { get; }

    /// <summary>
    /// Reads every key but <c>kind</c> of the section, adding faults for what is wrong, and calls <see cref="YamlMapping.Done"/>.
    /// </summary>
    PayloadSpec Read(YamlMapping section);

    object ISectionReader.Read(YamlMapping section, string folder) => Read(section);
}

/// <summary>A limit of the parity check.</summary>
/// <param name="Name">Its key in a model card.</param>
/// <param name="Least">The smallest value that makes sense.</param>
/// <param name="Most">The largest.</param>
public sealed record LimitKey(string Name, double Least, double Most);
