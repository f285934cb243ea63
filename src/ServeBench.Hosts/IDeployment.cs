using ServeBench.Domain.Targets;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts;

/// <summary>A stack that has been started. Disposing removes it, whatever state it is in, and waits until it is gone.</summary>
public interface IDeployment : IAsyncDisposable
{
    /// <summary>Where it will answer once it is ready.</summary>
    Endpoints Endpoints { get; }

    /// <summary>What sending requests there takes, and the counters, by what is asked (<see cref="Endpoints.Names"/>).</summary>
    ServerTarget Target(string name) => Endpoints[name];

    /// <summary>The command or image that was started, as a user could repeat it.</summary>
    string Command { get; }

    /// <summary>The logical processors it is confined to; empty when the host cannot confine.</summary>
    IReadOnlyList<int> Cpus { get; }

    /// <summary>Longest time from launch to the first correct answer.</summary>
    TimeSpan StartLimit { get; }

    /// <summary>When the launch began, on the clock of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    long LaunchedAt { get; }

    /// <summary>From the launch until the server's first process ran; null when the host does not report it.</summary>
    TimeSpan? ProcessStarted => null;

    /// <summary>What lies between this machine and the one that it runs on; null when that is this one.</summary>
    string? Between => null;

    /// <summary>How and with what last words it ended, when it has ended by itself; null while it runs.</summary>
    ValueTask<string?> EndedBecauseAsync();

    /// <summary>
    /// The lines that the server has printed since the last call; none where the host does not hear of them before the end.
    /// </summary>
    ValueTask<IReadOnlyList<string>> NewLogLinesAsync() => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Measures what it uses.</summary>
    IUsageMeter Meter { get; }

    /// <summary>Who listens where it is to answer. Not for a measured window: it looks at many processes.</summary>
    ListenerFinding Listener() => ListenerFinding.Unknown;

    /// <summary>
    /// Every process of it, as it is now; null where they cannot be seen. After a window, with the threads that computed in it.
    /// </summary>
    IReadOnlyList<ServerProcessRecord>? Describe() => null;

    /// <summary>Removes it as disposing does, and says how that went; null where the host does not say.</summary>
    /// <exception cref="Domain.Faults.RunFailedException">when it cannot be ended: what is left would be in the way of others.</exception>
    async ValueTask<StopRecord?> StopAsync()
    {
        await DisposeAsync();
        return null;
    }
}
