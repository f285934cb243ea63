namespace ServeBench.Domain.Models;

/// <summary>What <c>--weights=</c> accepts.</summary>
public static class WeightsSource
{
    /// <summary>Pretrained where the hub can be reached, else seeded; the report says which and why.</summary>
    public const string Auto = "auto";
    public const string Pretrained = "pretrained";
    public const string Seeded = "seeded";

    public static IReadOnlyList<string> All { get; } = [Auto, Pretrained, Seeded];
}
