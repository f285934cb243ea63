namespace ServeBench.Domain.Plans;

/// <summary>What makes a load go on: answers, or a schedule. Knows the words and the questions that go with it.</summary>
/// <param name="Name">As workload files and records name it.</param>
/// <param name="IsOpen">True when requests come on a schedule that does not wait for answers.</param>
/// <param name="Axis">What the levels of a scenario are, for charts.</param>
/// <param name="Level">What follows the number of a level, in words.</param>
/// <param name="Unit">Unit of a level.</param>
public sealed record Loop(string Name, bool IsOpen, string Axis, string Level, string Unit)
{
    /// <summary>So many requests in flight, and the next as soon as one is answered.</summary>
    public static Loop Closed { get; } = new("closed", false, "requests in flight", "in flight", "in flight");

    /// <summary>Requests at a rate.</summary>
    public static Loop Open { get; } = new("open", true, "requests per second asked", "per second", "requests/s");

    public static IReadOnlyList<Loop> All { get; } = [Closed, Open];

    /// <exception cref="InvalidDataException">when no loop has that name.</exception>
    public static Loop Named(string name) =>
        All.FirstOrDefault(l => l.Name == name)
            ?? throw new InvalidDataException($"no loop is called '{name}'; there are {string.Join(" and ", All.Select(l => l.Name))}");
}
