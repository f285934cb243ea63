namespace ServeBench.Build.Evidence.Servers;

/// <summary>The workloads of the catalogue that evidence is shown on, and how their figures are put into words.</summary>
internal static class Workloads
{
    /// <summary>Short inputs mostly, and long ones among them.</summary>
    public const string Mixed = "mixed-length";

    /// <summary>Inputs of one length.</summary>
    public const string Even = "sequence-128";

    /// <summary>A percentile of ordered numbers, by linear interpolation.</summary>
    public static double Percentile(IReadOnlyList<double> ordered, double share)
    {
        if (ordered.Count == 0) return double.NaN;
        var at = share * (ordered.Count - 1);
        var below = (int)at;
        return below + 1 == ordered.Count ? ordered[below] : ordered[below] + (at - below) * (ordered[below + 1] - ordered[below]);
    }

    /// <summary>A percentile as a cell of a table.</summary>
    public static string Cell(double[] ordered, double share) => ordered.Length == 0 ? "none" : $"{Percentile(ordered, share):0.0}";
}
