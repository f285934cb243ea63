namespace ServeBench.Domain.Stacks;

/// <summary>
/// How a stack's server lives, as <c>lifecycle:</c> of its stack.yaml says: when it is ready, how it is stopped, what it leaves behind
/// and how it treats connections. Servers differ in each of these, so that none can be taken for granted.
/// </summary>
/// <param name="Ready">What must hold before it is asked the first real request.</param>
/// <param name="Stop">How it is asked to end.</param>
/// <param name="Leaves">What it is known to leave behind.</param>
/// <param name="Listens">On which addresses it listens, whatever it is asked.</param>
/// <param name="Connections">When it closes a connection by itself.</param>
/// <param name="Caches">Its caches of answers, with whether they are on as it is set up here.</param>
/// <param name="Silence">Variables that keep it from sending telemetry; under those of the host's section.</param>
public sealed record Lifecycle(
    ReadyCondition Ready,
    StopRecipe Stop,
    Leftovers Leaves,
    ListeningHabit Listens,
    ConnectionHabits Connections,
    IReadOnlyList<CacheHabit> Caches,
    IReadOnlyDictionary<string, string> Silence)
{
    /// <summary>A server that is ready when it answers, ends at SIGTERM, leaves nothing and listens where it is asked to.</summary>
    public static Lifecycle Default { get; } = new(
        ReadyCondition.Default,
        StopRecipe.Default,
        Leftovers.None,
        ListeningHabit.Loopback,
        ConnectionHabits.Default,
        [],
        new Dictionary<string, string>());
}

/// <summary>On which addresses a server listens.</summary>
public enum ListeningHabit
{
    /// <summary>On the loopback address, as it is asked to.</summary>
    Loopback,

    /// <summary>On every interface; it has no option for another.</summary>
    EveryInterface,
}

/// <summary>A cache of answers, or of parts of them.</summary>
/// <param name="Name">For people: <c>response cache</c>.</param>
/// <param name="IsOn">Whether it is on as the stack is set up here.</param>
/// <param name="Switch">The option that switches it, as it is written here; null where there is none.</param>
public sealed record CacheHabit(string Name, bool IsOn, string? Switch);
