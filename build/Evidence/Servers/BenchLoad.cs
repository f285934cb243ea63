using ServeBench.Domain.Samples;
using ServeBench.Load;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>What one measurement showed.</summary>
/// <param name="Samples">Its requests.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Processor">Processor time that the server used in it.</param>
/// <param name="Threads">By what the server's threads do.</param>
internal sealed record BenchLoad(IReadOnlyList<Sample> Samples, double Seconds, TimeSpan Processor, ThreadUse Threads)
{
    /// <summary>Answers in a second.</summary>
    public double Rate => Samples.Count(s => s.Outcome == Outcome.Success) / Seconds;

    /// <summary>Answers in a second of the server's processor time: what else the machine does matters little to it.</summary>
    public double PerProcessorSecond => Samples.Count(s => s.Outcome == Outcome.Success) / Processor.TotalSeconds;

    /// <summary>End-to-end latencies in nanoseconds, in order.</summary>
    public long[] Latencies(Outcome outcome) => [.. Samples.Where(s => s.Outcome == outcome).Select(s => s.EndToEnd).Order()];
}

/// <summary>Reads the server's processor time at both ends of a window.</summary>
/// <param name="server">The server.</param>
/// <param name="worker">How the names of its workers begin.</param>
internal sealed class ProcessorMeter(BenchServer server, string worker) : IWindowListener
{
    private TimeSpan _before;
    private ThreadUse _threadsBefore;

    public TimeSpan Processor { get; private set; }

    public ThreadUse Threads { get; private set; }

    public void Starting() => (_before, _threadsBefore) = (server.ProcessorTime, ThreadUse.Of(server.ProcessId, worker));

    public void Ended() =>
        (Processor, Threads) = (server.ProcessorTime - _before, ThreadUse.Of(server.ProcessId, worker) - _threadsBefore);
}
