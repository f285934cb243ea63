using ServeBench.Domain.Stacks;

namespace ServeBench.Load.Answers;

/// <summary>
/// A stack's outcome rules, made ready once for a case, so that an answer whose status has no rule costs one look into a table, and one
/// whose status has some costs a search through its first bytes.
/// </summary>
internal sealed class AnswerRules
{
    private readonly Rule[]?[] _byStatus = new Rule[]?[600];
    private readonly Rule[] _events;

    private AnswerRules(IReadOnlyList<OutcomeRule> rules)
    {
        foreach (var status in rules.SelectMany(r => r.Status).Distinct())
            _byStatus[status] = [.. rules.Where(r => r.Status.Contains(status)).Select(r => new Rule(r, r.Body))];
        _events = [.. rules.Where(r => r.Event is not null).Select(r => new Rule(r, r.Event))];
    }

    /// <returns>Null for no rules, which cost nothing.</returns>
    public static AnswerRules? Of(IReadOnlyList<OutcomeRule> rules) => rules.Count == 0 ? null : new AnswerRules(rules);

    /// <summary>Whether anything of an answer with this status beside its status is to be looked at.</summary>
    public bool Knows(int status) => status < _byStatus.Length && _byStatus[status] is not null;

    /// <summary>Whether the fields of its head are to be looked at.</summary>
    public bool NeedsHead(int status) => Array.Exists(_byStatus[status]!, r => r.Headers.Length > 0);

    /// <summary>Whether its body is to be looked at.</summary>
    public bool NeedsBody(int status) => Array.Exists(_byStatus[status]!, r => r.Condition is not null);

    /// <summary>What a whole answer means; null where no rule fits, and its status says it.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="head">The fields of its head, each with a line feed at its end; empty where nobody needs them.</param>
    /// <param name="body">The beginning of its body; empty where nobody needs it.</param>
    public OutcomeMeaning? Of(int status, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (!Knows(status)) return null;
        foreach (var rule in _byStatus[status]!)
            if (rule.Fits(head, body)) return rule.Means;
        return null;
    }

    /// <summary>What one event of a stream means for the answer that it is part of; null where no rule fits.</summary>
    public OutcomeMeaning? OfEvent(ReadOnlySpan<byte> data)
    {
        foreach (var rule in _events)
            if (rule.Fits(default, data)) return rule.Means;
        return null;
    }

    private sealed class Rule(OutcomeRule rule, BodyCondition? condition)
    {
        public OutcomeMeaning Means => rule.Means;

        public HeaderMatcher[] Headers { get; } = [.. rule.Headers.Select(h => new HeaderMatcher(h))];

        public BodyMatcher? Condition { get; } = condition is null ? null : new BodyMatcher(condition);

        public bool Fits(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
        {
            foreach (var header in Headers)
                if (!header.Fits(head)) return false;
            return Condition is null || Condition.Fits(body);
        }
    }
}
