using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Reads the <c>outcomes:</c> of stack.yaml.</summary>
internal static class OutcomeRuleReader
{
    private const string Key = "outcomes";
    private const string Event = "event";

    /// <summary>The largest status of a gRPC call.</summary>
    private const int LastOfCalls = 16;

    private static readonly string[] OfWholeAnswers = ["status", "header", "body"];

    private static readonly Words<OutcomeMeaning> Meanings = new(
        ("success", OutcomeMeaning.Success),
        ("rejected", OutcomeMeaning.Rejected),
        ("client-fault", OutcomeMeaning.ClientFault),
        ("timeout", OutcomeMeaning.Timeout),
        ("failed", OutcomeMeaning.Failed));

    public static IReadOnlyList<OutcomeRule> Read(YamlMapping file)
    {
        if (!file.Has(Key))
        {
            file.Node(Key);
            return [];
        }
        var rules = new List<OutcomeRule>();
        foreach (var section in file.Mappings(Key))
        {
            var rule = Rule(section);
            if (rule.Status.FirstOrDefault(s => rules.Exists(r => TakesAll(r, s))) is > 0 and var covered)
                section.Fault(
                    "status", $"a rule above this one takes every answer of status {covered}", "Put the rule with fewer conditions last");
            rules.Add(rule);
        }
        return rules;
    }

    private static OutcomeRule Rule(YamlMapping section)
    {
        var isEvent = section.Has(Event);
        var rule = new OutcomeRule(
            isEvent && !section.Has("status") ? [] : section.IntegerOrIntegers("status", 1, 599),
            Headers(section),
            BodyConditionReader.Read(section, "body"),
            BodyConditionReader.Read(section, Event),
            Meanings.Required(section, "means"));
        foreach (var key in OfWholeAnswers.Where(k => isEvent && section.Has(k)))
            section.Fault(key, "a rule for an event says nothing of the answer around it", "Write a rule of its own for whole answers");
        if (rule.Status.FirstOrDefault(s => s is > LastOfCalls and < 100) is > 0 and var none)
            section.Fault("status", $"{none} is neither a status of HTTP, 100 to 599, nor of a gRPC call that failed, 1 to {LastOfCalls}");
        if (rule.Means != OutcomeMeaning.Success
            && rule.Status.FirstOrDefault(s => s is >= 200 and < 300 && TakesAll(rule, s)) is > 0 and var good)
            section.Fault(
                "status",
                $"with status {good} alone, no answer would be a success",
                "Say with header: or body: which of them is none");
        section.Done();
        return rule;
    }

    private static bool TakesAll(OutcomeRule rule, int status) =>
        rule is { Headers.Count: 0, Body: null, Event: null } && rule.Status.Contains(status);

    private static List<HeaderCondition> Headers(YamlMapping section)
    {
        var headers = new List<HeaderCondition>();
        if (section.OptionalMapping("header") is not { } names) return headers;
        foreach (var name in names.Keys)
        {
            var value = names.Text(name);
            headers.Add(new HeaderCondition(name, value != "absent", value is "present" or "absent" ? null : value));
        }
        if (headers.Count > 0) return headers;
        names.Fault(null, "no header is named", "Write name: present, name: absent or name: VALUE");
        // A condition was meant: without one, the rules below would seem to be in its shadow.
        return [new HeaderCondition("", IsPresent: true, null)];
    }
}
