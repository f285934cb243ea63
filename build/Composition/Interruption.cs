using System.Runtime.InteropServices;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Composition;

/// <summary>
/// Ctrl+C, SIGTERM and a closed terminal: the first asks everything to end in order, the second ends the program at once (the
/// guards of running servers then end those).
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Screen _screen;

    public Interruption(Screen screen)
    {
        _screen = screen;
        PosixSignal[] signals = OperatingSystem.IsWindows()
            ? [PosixSignal.SIGINT, PosixSignal.SIGTERM]
            : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            _screen.Dispose();
            Environment.Exit(ExitCodes.Interrupted);
        }
        _screen.Warn("Stopping; what has finished is kept. Press Ctrl+C again to stop at once.");
        _source.Cancel();
    }
}
