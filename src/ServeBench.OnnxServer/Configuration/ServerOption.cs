using ServeBench.Domain.CommandLines;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>One option of the server, which is also a variable and a key in a file.</summary>
/// <inheritdoc cref="CommandLineOption"/>
/// <param name="Name">Without dashes: <c>max-batch</c>.</param>
internal sealed record ServerOption(string Name, string? Value, string Help, string Example)
    : CommandLineOption($"--{Name}", Value, Help, Example);
