using System.Globalization;

namespace ServeBench.Processes.Running;

/// <summary>A process as /proc shows it at one moment (Linux).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The program's name, of at most 15 characters.</param>
/// <param name="State">One letter: <c>R</c> runs, <c>S</c> sleeps, <c>Z</c> has ended and nobody has asked how.</param>
/// <param name="Parent">Id of the process that started it, or of whoever took it in since.</param>
/// <param name="Group">Id of its process group.</param>
/// <param name="Session">Id of its session.</param>
/// <param name="Nice">Its priority, from -20 (first) to 19 (last).</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Started">When it began, in clock ticks since the system started: with the id, a name for ever.</param>
public sealed record ProcessEntry(
    int Id, string Name, char State, int Parent, int Group, int Session, int Nice, int Threads, long Started)
{
    /// <summary>False for one that has ended, whether or not its parent has asked how.</summary>
    public bool IsAlive => State is not ('Z' or 'X');

    /// <summary>Every process that can be seen from here; empty where there is no /proc.</summary>
    public static IReadOnlyList<ProcessEntry> All() => Directory.Exists("/proc/self")
        ? [.. Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(n => char.IsAsciiDigit(n![0]))
            .Select(n => Read(int.Parse(n!, NumberStyles.None, CultureInfo.InvariantCulture)))
            .OfType<ProcessEntry>()]
        : [];

    /// <returns>Null when there is none.</returns>
    public static ProcessEntry? Read(int id)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or /proc hides other users' processes
        }
    }

    /// <summary>The arguments it was started with, in one line; its name where it has none.</summary>
    public string CommandLine()
    {
        try
        {
            var words = File.ReadAllText($"/proc/{Id}/cmdline").TrimEnd('\0').Replace('\0', ' ').Trim();
            return words.Length > 0 ? words : Name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Name;
        }
    }

    /// <summary>Ids of the processes that this one is the parent of; empty when it has ended.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        var children = new List<int>();
        try
        {
            foreach (var task in Directory.EnumerateDirectories($"/proc/{process}/task")) children.AddRange(ChildrenOfThread(task));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile: whoever it had started has another parent now.
        }
        return children;
    }

    private static int[] ChildrenOfThread(string task)
    {
        try
        {
            var ids = File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return Array.ConvertAll(ids, id => int.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // the thread has ended; its siblings have its children now
        }
    }

    /// <param name="stat">What /proc/ID/stat holds.</param>
    public static ProcessEntry Parse(string stat)
    {
        // The second field is the program's name in parentheses and may hold anything; fields are counted after it.
        var (open, close) = (stat.IndexOf('('), stat.LastIndexOf(')'));
        var fields = stat[(close + 2)..].Split(' ');
        int Field(int number) => int.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        return new ProcessEntry(
            int.Parse(stat.AsSpan(0, open - 1), CultureInfo.InvariantCulture),
            stat[(open + 1)..close],
            fields[0][0],
            Field(4),
            Field(5),
            Field(6),
            Field(19),
            Field(20),
            long.Parse(fields[22 - 3], CultureInfo.InvariantCulture));
    }
}
