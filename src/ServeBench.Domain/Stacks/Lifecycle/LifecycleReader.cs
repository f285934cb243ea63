using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Reads the <c>lifecycle:</c> of stack.yaml.</summary>
internal static class LifecycleReader
{
    private static readonly Words<StopTarget> Targets = new(
        ("main", StopTarget.Main), ("child", StopTarget.Child), ("group", StopTarget.Group), ("session", StopTarget.Session));

    private static readonly Words<ListeningHabit> Listening = new(
        ("loopback", ListeningHabit.Loopback), ("every-interface", ListeningHabit.EveryInterface));

    private static readonly Words<ClosesAfter> Closing = new(
        ("nothing", ClosesAfter.Nothing), ("answer", ClosesAfter.Answer), ("error", ClosesAfter.Error));

    private static readonly Words<bool> Switched = new(("on", true), ("off", false));

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "OPTIONS"];

    /// <param name="file">The stack's file.</param>
    /// <param name="hosts">The hosts that the stack has sections for: a placeholder must be known to each.</param>
    public static Lifecycle Read(YamlMapping file, IReadOnlyList<ISectionReader> hosts)
    {
        if (file.OptionalMapping("lifecycle") is not { } section) return Lifecycle.Default;
        var lifecycle = new Lifecycle(
            Ready(section),
            Stop(section),
            Leaves(section, hosts),
            Listening.Optional(section, "listens", ListeningHabit.Loopback),
            Connections(section),
            Caches(section),
            section.TextMap("silence"));
        PlaceholdersOfHosts.Check(section, "silence", lifecycle.Silence.Values, hosts);
        section.Done();
        return lifecycle;
    }

    private static ReadyCondition Ready(YamlMapping lifecycle)
    {
        if (lifecycle.OptionalMapping("ready") is not { } section) return ReadyCondition.Default;
        var ready = new ReadyCondition(
            [.. Mappings(section, "probes").Select(Probe)],
            section.Duration("interval", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), ReadyCondition.DefaultInterval),
            section.OptionalTexts("fatal"));
        foreach (var pattern in ready.Fatal) CheckPattern(section, "fatal", pattern);
        section.Done();
        return ready;
    }

    private static ReadyProbe Probe(YamlMapping section)
    {
        var probe = new ReadyProbe(
            section.OptionalOneOf("endpoint", EndpointNames.All, EndpointNames.Http),
            section.OptionalOneOf("method", Methods, "GET"),
            ProtocolSection.ServerPath(section, []),
            section.Has("status") ? section.IntegerOrIntegers("status", 100, 599) : [200],
            BodyConditionReader.Read(section, "body"),
            section.Duration("timeout", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), ReadyProbe.DefaultTimeout));
        section.Node("status");
        section.Done();
        return probe;
    }

    private static StopRecipe Stop(YamlMapping lifecycle)
    {
        if (lifecycle.OptionalMapping("stop") is not { } section) return StopRecipe.Default;
        var steps = Mappings(section, "steps").Select(Step).ToArray();
        var codes = section.Has("exit-codes") ? section.Integers("exit-codes", 0, 255) : StopRecipe.Default.ExitCodes;
        section.Node("exit-codes");
        section.Done();
        return new StopRecipe(steps.Length > 0 ? steps : StopRecipe.Default.Steps, codes);
    }

    private static StopStep Step(YamlMapping section)
    {
        var step = new StopStep(
            section.OptionalOneOf("signal", StopStep.Signals, StopRecipe.Terminate),
            Targets.Optional(section, "to", StopTarget.Main),
            section.OptionalText("named"),
            section.Has("wait") ? section.Duration("wait", TimeSpan.Zero, TimeSpan.FromMinutes(10)) : null);
        section.Node("wait");
        if (step.Named is { } pattern)
        {
            CheckPattern(section, "named", pattern);
            if (step.To != StopTarget.Child)
                section.Fault("named", "only children are chosen by name", "Write to: child, or leave named: out");
        }
        section.Done();
        return step;
    }

    private static Leftovers Leaves(YamlMapping lifecycle, IReadOnlyList<ISectionReader> hosts)
    {
        if (lifecycle.OptionalMapping("leaves") is not { } section) return Leftovers.None;
        var leaves = new Leftovers(
            section.OptionalTexts("folders"), section.OptionalTexts("shared-memory"), section.OptionalTexts("files"));
        foreach (var pattern in leaves.SharedMemory) CheckPattern(section, "shared-memory", pattern);
        PlaceholdersOfHosts.Check(section, "folders", leaves.Folders, hosts);
        PlaceholdersOfHosts.Check(section, "files", leaves.Files, hosts);
        section.Done();
        return leaves;
    }

    private static ConnectionHabits Connections(YamlMapping lifecycle)
    {
        if (lifecycle.OptionalMapping("connections") is not { } section) return ConnectionHabits.Default;
        var habits = new ConnectionHabits(
            section.Has("idle") ? section.Duration("idle", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)) : null,
            Closing.Optional(section, "closes-after", ClosesAfter.Nothing),
            section.Has("requests") ? section.Integer("requests", 1, int.MaxValue) : null);
        section.Node("idle");
        section.Node("requests");
        if (habits is { ClosesAfter: ClosesAfter.Answer, Idle: not null } or { ClosesAfter: ClosesAfter.Answer, Requests: not null })
            section.Fault(
                "closes-after", "a server that closes after each answer has no idle connections", "Leave idle: and requests: out");
        section.Done();
        return habits;
    }

    private static List<CacheHabit> Caches(YamlMapping lifecycle)
    {
        var caches = new List<CacheHabit>();
        foreach (var section in Mappings(lifecycle, "caches"))
        {
            caches.Add(new CacheHabit(section.Text("name"), Switched.Required(section, "is"), section.OptionalText("switch")));
            section.Done();
        }
        return caches;
    }

    private static IReadOnlyList<YamlMapping> Mappings(YamlMapping section, string key)
    {
        if (section.Has(key)) return section.Mappings(key);
        section.Node(key);
        return [];
    }

    private static void CheckPattern(YamlMapping section, string key, string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            section.Fault(
                key,
                $"'{pattern}' is not a regular expression: {e.Message}",
                "Put a backslash before each of ( ) [ ] { } . * + ? | ^ $ that is meant as itself");
        }
    }
}
