namespace ServeBench.Processes.Servers;

/// <summary>A server to keep running in the background.</summary>
public sealed record ServerSpec
{
    /// <summary>Path of the program, or a name that is looked up on PATH.</summary>
    public required string Program { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets everything the server prints; written by the operating system itself, so that logging costs the client nothing.</summary>
    public required string LogFile { get; init; }

    /// <summary>The logical processors it is confined to from its first instruction; empty for no confinement.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>How long it may take to end by itself after being asked to, before it is killed.</summary>
    public required TimeSpan StopLimit { get; init; }

    /// <summary>The command as a person could paste it into a shell.</summary>
    public override string ToString() => new Commands.CommandSpec(Program, Arguments).ToString();
}
