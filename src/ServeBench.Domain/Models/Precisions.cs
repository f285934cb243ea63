namespace ServeBench.Domain.Models;

/// <summary>What the weights of a model can be stored as, and a stack can compute with.</summary>
public static class Precisions
{
    /// <summary>Single precision: what models are published in, and what is served when nothing else is asked.</summary>
    public const string Single = "fp32";

    public const string Half = "fp16";
    public const string BrainFloat = "bf16";
    public const string Integer8 = "int8";

    /// <summary>Precisions that answer differently by construction, so that a model card may give them limits of their own.</summary>
    public static IReadOnlyList<string> Lesser { get; } = [Half, Integer8];

    /// <summary>All that a stack may name.</summary>
    public static IReadOnlyList<string> All { get; } = [Single, Half, BrainFloat, Integer8];
}
