namespace ServeBench.Load;

/// <summary>
/// Hears when the measured window starts and ends, so that telemetry and counters of the server can be read for just that time.
/// Called on a thread of the pool while the load goes on; a slow listener delays its own next call, never the load. What it
/// throws ends the run with that exception.
/// </summary>
public interface IWindowListener
{
    void Starting();

    void Ended();
}
