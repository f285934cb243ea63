using System.Text.Json.Serialization;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// One reason to distrust or to annotate a trial. Each is one public class in one file with a parameterless constructor,
/// found by <see cref="VerdictRules"/>.
/// </summary>
public interface IVerdictRule
{
    /// <summary>Unique and stable: named in results.json.</summary>
    string Id { get; }

    /// <returns>What was found, or null when the trial gives no cause.</returns>
    Finding? Check(TrialFacts trial);
}

/// <param name="Rule">Id of the rule that found it.</param>
/// <param name="Severity">What it makes of the trial.</param>
/// <param name="Message">What was found, with the value and the limit; the end of a sentence, without a full stop.</param>
/// <param name="Advice">What to do about it, as an imperative sentence without a full stop.</param>
public sealed record Finding(string Rule, Severity Severity, string Message, string Advice);

[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Worth knowing; the numbers are valid.</summary>
    [JsonStringEnumMemberName("note")]
    Note,

    /// <summary>The server could not do what was asked; it has lost (method.md, rule 14a).</summary>
    [JsonStringEnumMemberName("saturated")]
    Saturated,

    /// <summary>
    /// By a fault of the client or of the machine the numbers do not show what they claim to show; they are never compared.
    /// </summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,
}
