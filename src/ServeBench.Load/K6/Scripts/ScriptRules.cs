using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;

namespace ServeBench.Load.K6.Scripts;

/// <summary>A stack's outcome rules as conditions of a script; the functions that they call are in k6/templates/meaning.sbn.</summary>
internal static class ScriptRules
{
    /// <summary>One rule: the condition, and the outcome's id as an expression.</summary>
    public sealed record Line(string Condition, string Outcome);

    public static Line[] OfAnswers(IReadOnlyList<OutcomeRule> rules) =>
        [.. rules.Where(r => r.Event is null).Select(r => new Line(
            string.Join(" && ", r.Headers.Select(Header).Prepend(Status(r.Status)).Concat(Fits(r.Body))), Outcome(r.Means, r.Status)))];

    public static Line[] OfEvents(IReadOnlyList<OutcomeRule> rules) =>
        [.. rules.Where(r => r.Event is not null).Select(r => new Line(Fits(r.Event).Single(), Outcome(r.Means, [200])))];

    public static bool NeedBodies(IReadOnlyList<OutcomeRule> rules) => rules.Any(r => r.Body is not null);

    private static string Status(IReadOnlyList<int> statuses) =>
        statuses.Count == 1 ? $"status === {statuses[0]}" : $"[{string.Join(", ", statuses)}].includes(status)";

    private static string Header(HeaderCondition header)
    {
        var field = $"field(headers, {ScriptModel.Quoted(header.Name.ToLowerInvariant())})";
        if (header.Value is { } value) return $"{field} === {ScriptModel.Quoted(value)}";
        return $"{field} {(header.IsPresent ? "!==" : "===")} undefined";
    }

    private static IEnumerable<string> Fits(BodyCondition? body)
    {
        if (body is null) yield break;
        var path = (body.Path?.Steps ?? []).Select(s => s.Member is { } member ? ScriptModel.Quoted(member) : $"{s.Index ?? 0}");
        var value = body.Value is { } wanted ? ScriptModel.Quoted(wanted) : "null";
        yield return $"fits(text, [{string.Join(", ", path)}], {value}, {List(body.Text)}, {List(body.Without)})";
    }

    private static string List(IReadOnlyList<string> texts) => $"[{string.Join(", ", texts.Select(ScriptModel.Quoted))}]";

    /// <summary>A failure is another one where the status is that of a success.</summary>
    private static string Outcome(OutcomeMeaning means, IReadOnlyList<int> statuses)
    {
        string[] ids = [.. statuses.Select(s => Id(means, s)).Distinct()];
        return ids.Length == 1 ? ids[0] : $"status >= 200 && status < 300 ? {Id(means, 200)} : {Id(means, 500)}";
    }

    private static string Id(OutcomeMeaning means, int status) => ScriptModel.Quoted(AnswerMeaning.Of(means, status).Id());
}
