using ServeBench.Measurement.Statistics;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>The workloads of the catalogue that evidence is shown on, and how their figures are put into words.</summary>
internal static class Workloads
{
    /// <summary>Short inputs mostly, and long ones among them.</summary>
    public const string Mixed = "mixed-length";

    /// <summary>Inputs of one length.</summary>
    public const string Even = "sequence-128";

    /// <summary>A percentile of ordered nanoseconds as a cell of a table, in milliseconds.</summary>
    public static string Cell(long[] ordered, double share) =>
        ordered.Length == 0 ? "none" : $"{Percentile.OfSorted(ordered, share) / 1e6:0.0}";
}
