namespace ServeBench.Processes.Servers;

/// <summary>A server to keep running in the background.</summary>
public sealed record ServerSpec
{
    /// <summary>Path of the program, or a name that is looked up on PATH.</summary>
    public required string Program { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the variables that it gets from this process beside <see cref="Environment"/>; null for all.</summary>
    public IReadOnlyList<string>? Inherited { get; init; }

    /// <summary>Null for this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Gets everything the server prints; written by the operating system itself, so that logging costs the client nothing.
    /// </summary>
    public required string LogFile { get; init; }

    /// <summary>The logical processors it is confined to from its first instruction; empty for no confinement.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>Control groups that it enters before its first instruction; null for those of this process.</summary>
    public Groups.ControlGroup? Group { get; init; }

    /// <summary>How long it may take to end by itself after being asked to, before it is killed.</summary>
    public required TimeSpan StopLimit { get; init; }

    /// <summary>Sets the environment and the working directory of what is about to be started.</summary>
    internal void Apply(System.Diagnostics.ProcessStartInfo start)
    {
        if (Inherited is not null)
        {
            var all = start.Environment.ToArray();
            start.Environment.Clear();
            foreach (var (name, value) in all.Where(v => Inherited.Contains(v.Key))) start.Environment[name] = value;
        }
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        if (WorkingDirectory is not null) start.WorkingDirectory = WorkingDirectory;
    }

    /// <summary>The command as a person could paste it into a shell.</summary>
    public override string ToString() => new Commands.CommandSpec(Program, Arguments).ToString();
}
