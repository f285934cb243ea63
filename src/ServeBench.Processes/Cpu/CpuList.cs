using System.Globalization;

namespace ServeBench.Processes.Cpu;

/// <summary>Lists of logical processors in the kernel's notation: <c>0-3,8</c>.</summary>
public static class CpuList
{
    public static string Format(IEnumerable<int> cpus)
    {
        var sorted = cpus.Order().ToArray();
        var parts = new List<string>();
        for (var i = 0; i < sorted.Length;)
        {
            var end = i;
            while (end + 1 < sorted.Length && sorted[end + 1] == sorted[end] + 1) end++;
            parts.Add(end == i ? $"{sorted[i]}" : $"{sorted[i]}-{sorted[end]}");
            i = end + 1;
        }
        return string.Join(',', parts);
    }

    /// <exception cref="FormatException">when the text is not such a list.</exception>
    public static IReadOnlyList<int> Parse(string text)
    {
        var cpus = new SortedSet<int>();
        foreach (var part in text.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            var first = int.Parse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture);
            var last = ends.Length == 1 ? first : int.Parse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture);
            if (ends.Length > 2 || last < first || last > 1 << 16) throw new FormatException($"'{part}' is not a range of processors");
            for (var cpu = first; cpu <= last; cpu++) cpus.Add(cpu);
        }
        return [.. cpus];
    }
}
