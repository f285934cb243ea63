namespace ServeBench.Load.K6.Scripts;

/// <summary>The arrivals of a case as its script reads them, where k6 does not make them itself.</summary>
public static class ArrivalFile
{
    /// <summary>Writes a JSON array of milliseconds, to the nanosecond.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrivals">Nanoseconds from the start of the schedule, rising.</param>
    public static void Write(string path, IReadOnlyList<long> arrivals) =>
        File.WriteAllText(path, "[\n" + string.Join(",\n", arrivals.Select(t => (t / 1e6m).ToString("0.000000"))) + "\n]\n");
}
