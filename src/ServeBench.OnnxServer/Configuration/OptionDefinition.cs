namespace ServeBench.OnnxServer.Configuration;

/// <summary>One option of the server: what it is called, what it takes, and what help says of it.</summary>
/// <param name="Name">Without dashes: <c>max-batch</c>.</param>
/// <param name="Value">What stands after the equals sign in help; null for a switch.</param>
/// <param name="Help">One sentence or two, with the default.</param>
/// <param name="Example">A whole, working argument.</param>
internal sealed record OptionDefinition(string Name, string? Value, string Help, string Example)
{
    /// <summary>True when the option may be given several times.</summary>
    public bool IsList { get; init; }

    public bool IsSwitch => Value is null;

    /// <summary>As on the command line: <c>--max-batch=N</c>.</summary>
    public string Usage => IsSwitch ? $"--{Name}" : $"--{Name}={Value}";
}
