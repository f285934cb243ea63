using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Telemetry;

/// <summary>Measures what a deployment uses between two moments.</summary>
public interface IUsageMeter
{
    /// <summary>Begins a window. Returns at once; reading goes on in the background.</summary>
    void Start();

    /// <summary>Ends the window.</summary>
    ServerUse Stop();
}
