using ServeBench.Domain.Stacks;
using ServeBench.Hosts.Process;

namespace ServeBench.Hosts.Tests.Process;

/// <summary>A way in which servers start and end, as switches of the stand-in, with the recipe that a stack.yaml would have for it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Switches">Of the stand-in.</param>
/// <param name="Stop">Its stop recipe.</param>
/// <param name="Listens">Whether it opens its port at all.</param>
/// <param name="Forces">Whether something is left after the recipe, and killed.</param>
internal sealed record Habit(string Name, string[] Switches, StopRecipe Stop, bool Listens = true, bool Forces = false)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    /// <summary>Everything that a server of the field trial did at its start or its end.</summary>
    public static IReadOnlyList<Habit> All { get; } =
    [
        new("quick", [], ToMain([0])),
        new("three workers", ["--shape=sessions", "--workers=3"], ToMain([0])),
        new("wrapper", ["--shape=wrapper"], new StopRecipe([Step("SIGTERM", StopTarget.Child, Wait, StandIn.WorkerName)], [0])),
        new("wrapper, wrong recipe", ["--shape=wrapper"], ToMain([137], Short), Forces: true),
        new("survivors", ["--shape=survivors", "--workers=2"], new StopRecipe([Step("SIGINT", StopTarget.Main, Wait)], [0])),
        new("survivors, wrong recipe", ["--shape=survivors", "--workers=2"], ToMain([143]), Forces: true),
        new(
            "survivors by their group",
            ["--shape=survivors"],
            new StopRecipe([Step("SIGTERM", StopTarget.Main, Short), Step("SIGTERM", StopTarget.Group, Wait)], [143])),
        new(
            "adopted",
            ["--shape=adopted"],
            new StopRecipe([Step("SIGTERM", StopTarget.Main, Wait), Step("SIGTERM", StopTarget.Child, Wait, StandIn.WorkerName)], [0])),
        new("adopted and unlabelled", ["--shape=adopted", "--hides-labels"], ToMain([0]), Forces: true),
        new("code 1", ["--stop=exit-1"], ToMain([1])),
        new("signal 11", ["--stop=segv"], ToMain([139])),
        new("ignores", ["--stop=ignores"], ToMain([137], Short), Forces: true),
        new("waits for idle connections", ["--stop=waits-for-idle", "--stop-limit=5"], ToMain([0])),
        new("takes half a second to end", ["--stop=slow", "--stop-limit=0.5"], ToMain([0])),
        new("dies while it loads", ["--dies=exit-1"], ToMain([1]), Listens: false),
        new("dies of signal 11 while it loads", ["--dies=segv"], ToMain([139]), Listens: false),
        new("refuses at first", ["--phases=refuse:0.3,ready"], ToMain([0])),
        new("hangs at first", ["--phases=hang:0.3,ready"], ToMain([0])),
        new("crash loop", ["--crash-loop=0.05"], ToMain([0])),
        new("leaves files", ["--leaves=shm,home,tmp,cwd"], ToMain([0])),
        new("every interface", ["--every-interface"], ToMain([0])),
        new("low priority", ["--nice=15"], ToMain([0])),
        new("cores of its own", ["--own-affinity=0,1", "--work=2"], ToMain([0])),
        new("fails and closes", ["--fail=503", "--fail-share=0.5", "--close-after=error", "--close-silently"], ToMain([0])),
        new("closes idle connections", ["--idle-close=0.01", "--batch-window=20"], ToMain([0])),
        new("counts late", ["--counter-delay=0.1", "--counters=per-worker", "--shape=sessions", "--workers=2"], ToMain([0])),
        new("streams without end", ["--stream=endless"], ToMain([0])),
    ];

    public Stack Stack(ProcessHost host) => NullStack.Stack(host, StandIn.Section(Switches)) with
    {
        Lifecycle = Lifecycle.Default with { Stop = Stop, Leaves = Leftovers.None with { SharedMemory = ["^standin-[0-9]+$"] } },
    };

    public override string ToString() => Name;

    private static StopRecipe ToMain(int[] codes, TimeSpan? wait = null) => new([Step("SIGTERM", StopTarget.Main, wait ?? Wait)], codes);

    private static StopStep Step(string signal, StopTarget to, TimeSpan wait, string? named = null) => new(signal, to, named, wait);
}
