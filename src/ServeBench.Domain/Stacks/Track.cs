namespace ServeBench.Domain.Stacks;

/// <summary>One way of setting up a stack (method.md, rule 7); a stack takes part in a run once per track.</summary>
/// <param name="Name"><see cref="Default"/> or <see cref="Tuned"/>.</param>
/// <param name="Summary">One sentence for the report: what this track sets, and why.</param>
/// <param name="Environment">Variables on top of those of the host's section; placeholders allowed in values.</param>
/// <param name="Arguments">Arguments after those of the host's section; placeholders allowed.</param>
public sealed record Track(string Name, string Summary, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Arguments)
{
    /// <summary>As the stack's own documentation sets it up.</summary>
    public const string Default = "default";

    /// <summary>With a documented tuning that anyone could apply.</summary>
    public const string Tuned = "tuned";

    /// <summary>The only group of workloads for which the stack is set up so; null for all for which nothing else is said.</summary>
    public string? Group { get; init; }

    public static IReadOnlyList<string> Names { get; } = [Default, Tuned];

    /// <summary>
    /// How a stack in a track is called, and what is compared: the stack's name or title, with the track when it is not the
    /// default one.
    /// </summary>
    /// <param name="stack">Name or title of the stack.</param>
    /// <param name="track">Name of the track.</param>
    public static string Label(string stack, string track) => track == Default ? stack : $"{stack}, {track}";
}
