namespace ServeBench.Load.Native;

/// <summary>What the load loop has to say to the rest of the program; it says so without waiting.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Progress">The progress of the load, for <see cref="NoticeKind.Progress"/>.</param>
internal readonly record struct LoadNotice(NoticeKind Kind, LoadProgress Progress);

internal enum NoticeKind
{
    Progress,
    WindowStarting,
    WindowEnded,
}
