namespace ServeBench.Domain.Trials;

/// <summary>The container image of a stack: what it was built from, and what it costs to keep and to move.</summary>
public sealed record ImageRecord
{
    /// <summary>Repository and tag; the tag is the beginning of <see cref="InputsSha256"/>.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 over everything it is built from: Dockerfile, context, published programs, base images.</summary>
    public required string InputsSha256 { get; init; }

    /// <summary>SHA-256 over its layers' contents and its configuration, without the time at which it was built.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>The engine's own id of it: <c>sha256:...</c>.</summary>
    public required string Digest { get; init; }

    public required int Layers { get; init; }

    /// <summary>Size of the unpacked layers, base image included.</summary>
    public required long Bytes { get; init; }

    /// <summary>Size of the layers, each packed with gzip as a registry keeps them.</summary>
    public long? CompressedBytes { get; init; }

    /// <summary>Null for an image that its makers publish, and that is not built here.</summary>
    public double? BuildSeconds { get; init; }

    /// <summary>
    /// How many steps of its Dockerfile the engine took from an earlier build; absent from records made before it was counted.
    /// </summary>
    public int? CachedSteps { get; init; }

    public required IReadOnlyList<BaseImageRecord> Bases { get; init; }
}

/// <param name="Name">As the Dockerfile names it: <c>debian:trixie-slim</c>.</param>
/// <param name="ContentSha256">SHA-256 over its layers' contents and its configuration.</param>
/// <param name="Digest">The registry's digest of it; null when it did not come from a registry.</param>
/// <param name="Origin">How it came here, in words.</param>
public sealed record BaseImageRecord(string Name, string ContentSha256, string? Digest, string Origin);
