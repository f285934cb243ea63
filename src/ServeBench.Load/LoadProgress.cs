namespace ServeBench.Load;

/// <summary>The progress of a load, for people.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Elapsed">Time since the phase began.</param>
/// <param name="Expected">How long the phase lasts at most.</param>
/// <param name="RequestsPerSecond">Successful requests per second since the last report.</param>
/// <param name="Failures">Requests that failed since the load began, warm-up included.</param>
public readonly record struct LoadProgress(LoadPhase Phase, TimeSpan Elapsed, TimeSpan Expected, double RequestsPerSecond, long Failures);

public enum LoadPhase
{
    /// <summary>A closed loop until three windows agree.</summary>
    WarmUp,

    /// <summary>The open loop's own schedule, not yet recorded.</summary>
    RunIn,

    /// <summary>Requests that start now are the samples.</summary>
    Window,

    /// <summary>The window is over; the load goes on until the last sample has ended.</summary>
    Tail,
}
