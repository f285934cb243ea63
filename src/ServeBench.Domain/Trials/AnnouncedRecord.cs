namespace ServeBench.Domain.Trials;

/// <summary>
/// A value that a server measured of itself during the window, as its stack announced it (stack.yaml, <c>measurements</c>).
/// </summary>
/// <param name="Name">As the stack calls it.</param>
/// <param name="Title">For people.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Better"><c>higher</c>, <c>lower</c> or <c>neither</c>.</param>
/// <param name="Value">The value; null when there is none.</param>
/// <param name="Absence">Why there is none, as the end of a sentence; null when there is one.</param>
public sealed record AnnouncedRecord(string Name, string Title, string Unit, string Better, double? Value, string? Absence)
{
    /// <summary>What is counted, where that is not what one would think; null where the stack says nothing of it.</summary>
    public string? Holds { get; init; }
}
