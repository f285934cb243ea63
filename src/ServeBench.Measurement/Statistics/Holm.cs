namespace ServeBench.Measurement.Statistics;

/// <summary>
/// Holm's step-down correction: p-values adjusted so that the chance of even one false rejection over the whole family
/// stays below the level (Holm, Scandinavian Journal of Statistics 6, 1979).
/// </summary>
public static class Holm
{
    /// <returns>The adjusted p-values, in the order given.</returns>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        var running = 0.0;
        var remaining = p.Count;
        foreach (var i in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
        {
            running = Math.Max(running, Math.Min(1, remaining * p[i]));
            adjusted[i] = running;
            remaining--;
        }
        return adjusted;
    }
}
