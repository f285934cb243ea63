using ServeBench.Hosts.Images;

namespace ServeBench.Hosts.Docker;

/// <summary>The <c>docker:</c> section of stack.yaml: how a stack's image is made and how it runs in a container.</summary>
public sealed record DockerHostSettings
{
    /// <summary>How its image is made.</summary>
    public required ImageSettings Image { get; init; }

    /// <summary>The program that is started in place of the image's entry point; null for that.</summary>
    public string? EntryPoint { get; init; }

    /// <summary>Arguments to the image's entry point; placeholders allowed.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables set in the container; placeholders allowed in values.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The ports on which it listens inside the container, by endpoint.</summary>
    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>Whether the container's root file system cannot be written to.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Folders of the container that can be written to and lie in memory.</summary>
    public required IReadOnlyList<string> TemporaryFolders { get; init; }

    /// <summary>Limit of the container's memory in bytes; null for none.</summary>
    public required long? MemoryBytes { get; init; }

    /// <summary>Size of the container's /dev/shm in bytes; null for the engine's default, 64 MiB.</summary>
    public long? SharedMemoryBytes { get; init; }

    /// <summary>What <c>--gpus</c> gets: <c>all</c>, a number, or devices; null for none.</summary>
    public required string? Gpus { get; init; }

    /// <summary>Longest time from launch to the first correct answer.</summary>
    public required TimeSpan StartLimit { get; init; }

    /// <summary>Longest time to end by itself when asked to.</summary>
    public required TimeSpan StopLimit { get; init; }
}
