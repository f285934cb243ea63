namespace ServeBench.Domain.Stacks;

/// <summary>When a server closes a connection that nobody asked it to close.</summary>
/// <param name="Idle">After how long without a request; null when it is not known to.</param>
/// <param name="ClosesAfter">After which answers.</param>
/// <param name="Requests">After how many requests on one connection; null for no such limit.</param>
public sealed record ConnectionHabits(TimeSpan? Idle, ClosesAfter ClosesAfter, int? Requests)
{
    public static ConnectionHabits Default { get; } = new(null, ClosesAfter.Nothing, null);
}

/// <summary>After which answers a server closes the connection.</summary>
public enum ClosesAfter
{
    /// <summary>After none: a connection carries one request after the other.</summary>
    Nothing,

    /// <summary>After each: every request pays for connecting.</summary>
    Answer,

    /// <summary>After one that is no success.</summary>
    Error,
}
