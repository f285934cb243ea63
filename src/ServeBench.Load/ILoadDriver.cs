using ServeBench.Domain.Faults;
using ServeBench.Load.Wire;

namespace ServeBench.Load;

/// <summary>Loads a server as one case asks and reports every request.</summary>
public interface ILoadDriver
{
    /// <summary>The driver and how it does its input and output, for example <c>native (epoll)</c>.</summary>
    string Name { get; }

    /// <summary>Everything about the driver that decides results and is not in this program: its version, what it reads.</summary>
    string Fingerprint => Name;

    /// <summary>True when this driver can speak that wire format.</summary>
    bool CanDrive(WireFormat wire);

    /// <summary>Warms up, measures one window, and returns what was seen. The caller has pinned this process already.</summary>
    /// <exception cref="OperationCanceledException">when cancelled; every socket is closed by then.</exception>
    /// <exception cref="RunFailedException">when the driver itself cannot go on, for example out of file descriptors.</exception>
    Task<LoadResult> RunAsync(LoadJob job, CancellationToken ct);
}
