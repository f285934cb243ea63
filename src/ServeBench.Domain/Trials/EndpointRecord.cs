using System.Text.Json.Serialization;

namespace ServeBench.Domain.Trials;

/// <summary>A server that ran already when it was measured: what was known of it, without any secret.</summary>
/// <param name="Url">Where requests went.</param>
/// <param name="Stack">What it was said to be: the name of a stack's folder.</param>
/// <param name="AnswersCompared">Whether the model that it serves was named, so that its answers had to be that model's.</param>
/// <param name="Secrets">The headers that were sent, with the variables that their values came from, and what requests were signed
/// with; never the values.</param>
/// <param name="MostPerSecond">Requests per second that it was to be sent at most; null for no bound.</param>
/// <param name="Counters">Where its counters were read; null where nowhere.</param>
public sealed record EndpointRecord(
    string Url, string Stack, bool AnswersCompared, IReadOnlyList<string> Secrets, double? MostPerSecond, string? Counters)
{
    /// <summary>Why nothing is known of its process, as the end of a sentence.</summary>
    public const string NotOurs = "it is an endpoint, not deployed by us";

    /// <summary>What it says of its answers' rightness where they are not compared.</summary>
    [JsonIgnore]
    public string? ParityAbsence => AnswersCompared ? null : "parity not checked: --model does not say which model it serves";
}
