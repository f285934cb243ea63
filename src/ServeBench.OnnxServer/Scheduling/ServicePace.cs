namespace ServeBench.OnnxServer.Scheduling;

/// <summary>
/// How long a unit of cost takes, all workers together: an exponentially weighted mean over the executions, so that it follows what
/// is being asked and what else the machine does. May be fed and asked from any thread.
/// </summary>
/// <param name="secondsPerUnit">What to go by before the first execution.</param>
/// <param name="workers">Executions that may run at once.</param>
internal sealed class ServicePace(double secondsPerUnit, int workers)
{
    /// <summary>Weight of the newest execution.</summary>
    private const double Newest = 0.05;

    private double _secondsPerUnit = secondsPerUnit;

    /// <param name="cost">Cost executed, without padding: what the queue counts.</param>
    /// <param name="seconds">How long it took.</param>
    public void Observe(int cost, double seconds)
    {
        var before = Volatile.Read(ref _secondsPerUnit);
        // Where two workers report at once, one report is lost; the mean does not need every one.
        Volatile.Write(ref _secondsPerUnit, before + Newest * (seconds / cost - before));
    }

    /// <summary>How long so much takes.</summary>
    public TimeSpan TimeFor(long cost) => TimeSpan.FromSeconds(cost * Volatile.Read(ref _secondsPerUnit) / workers);
}
