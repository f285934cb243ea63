namespace ServeBench.OnnxServer.Batching;

/// <summary>
/// How long a token takes, all workers together: an exponentially weighted mean over the executions, so that it follows what
/// is being asked and what else the machine does. May be told and asked from any thread.
/// </summary>
/// <param name="secondsPerToken">What to go by before the first execution.</param>
/// <param name="workers">Executions that may run at once.</param>
internal sealed class ServicePace(double secondsPerToken, int workers)
{
    /// <summary>Weight of the newest execution.</summary>
    private const double Newest = 0.05;

    private double _secondsPerToken = secondsPerToken;

    /// <param name="tokens">Tokens executed, without padding: what the queue counts.</param>
    /// <param name="seconds">How long it took.</param>
    public void Observe(int tokens, double seconds)
    {
        var before = Volatile.Read(ref _secondsPerToken);
        // Where two workers tell at once, one of them goes unheard; the mean does not need every one.
        Volatile.Write(ref _secondsPerToken, before + Newest * (seconds / tokens - before));
    }

    /// <summary>How long so many tokens take.</summary>
    public TimeSpan TimeFor(long tokens) => TimeSpan.FromSeconds(tokens * Volatile.Read(ref _secondsPerToken) / workers);
}
