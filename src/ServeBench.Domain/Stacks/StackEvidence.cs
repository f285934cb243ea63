using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>What stands behind what a stack's folder says of its server.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="On">The day, as 2026-12-01; null where none is given.</param>
/// <param name="Version">The server's version; null where it is this repository's own, or none is given.</param>
public sealed record StackEvidence(string Kind, string? On, string? Version)
{
    /// <summary>
    /// <c>run</c>: deployed and measured by this pipeline. <c>recorded</c>: the server was run elsewhere and what it did was written down.
    /// <c>documented</c>: read from its documentation or source.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } = ["run", "recorded", "documented"];

    /// <summary>What servers may be able to do, as their documentation says: <c>features:</c> of stack.yaml.</summary>
    public static IReadOnlyList<string> KnownFeatures { get; } =
        ["batching", "multi-model", "streaming", "autoscaling", "gpu", "multi-step"];

    internal static StackEvidence? Read(YamlMapping file)
    {
        if (file.OptionalMapping("evidence") is not { } section) return null;
        var evidence = new StackEvidence(section.OneOf("kind", Kinds), section.OptionalText("on"), section.OptionalText("version"));
        if (evidence.On is { } day && !DateOnly.TryParseExact(day, "yyyy-MM-dd", out _))
            section.Fault("on", $"'{day}' is no day", "Write it as \"2026-12-01\", in quotes");
        section.Done();
        return evidence;
    }

    internal static IReadOnlyList<string> ReadFeatures(YamlMapping file)
    {
        const string Key = "features";
        var features = file.OptionalTexts(Key);
        foreach (var unknown in features.Except(KnownFeatures))
            file.Fault(Key, $"'{unknown}' is not a feature", Faults.NearestName.Remedy(unknown, KnownFeatures));
        return features;
    }
}
