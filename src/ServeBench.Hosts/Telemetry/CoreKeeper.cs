using ServeBench.Domain.Trials;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Telemetry;

/// <summary>
/// Keeps a server's threads on its cores where no cpuset does. Runtimes set the affinity of their own threads, past the one that the
/// server was started with (ONNX Runtime with its thread count unset gives one thread to each core of the machine): each thread's mask is
/// read every second, and one that strayed is put back. Linux only.
/// </summary>
internal sealed class CoreKeeper : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Func<IReadOnlyList<int>> _members;
    private readonly IReadOnlyList<int> _cpus;
    private readonly bool _isConfined;
    private readonly Timer? _timer;
    private readonly SortedSet<int> _outside = [];
    private int _before;
    private int _within;

    /// <param name="members">Ids of the server's processes.</param>
    /// <param name="cpus">The cores that they are to stay on.</param>
    /// <param name="isConfined">Whether a cpuset holds them there: then there is nothing to do.</param>
    public CoreKeeper(Func<IReadOnlyList<int>> members, IReadOnlyList<int> cpus, bool isConfined)
    {
        (_members, _cpus, _isConfined) = (members, cpus, isConfined);
        if (IsNeeded) _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    private bool IsNeeded => OperatingSystem.IsLinux() && _cpus.Count > 0 && !_isConfined;

    /// <summary>Begins a window: what has strayed until now is put back, and did so before it.</summary>
    public void Begin()
    {
        if (!IsNeeded) return;
        lock (_lock)
        {
            Look();
            (_before, _within) = (_before + _within, 0);
            _outside.Clear();
        }
    }

    /// <summary>Ends the window.</summary>
    /// <returns>Null where nothing is confined.</returns>
    public CoreKeeping? End()
    {
        if (!OperatingSystem.IsLinux() || _cpus.Count == 0) return null;
        if (_isConfined) return new CoreKeeping("cpuset", 0, 0, []);
        lock (_lock)
        {
            Look();
            var kept = new CoreKeeping("affinity", _before, _within, [.. _outside]);
            (_before, _within) = (0, 0);
            _outside.Clear();
            return kept;
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            foreach (var (_, outside) in ThreadMasks.PutBack(_members(), _cpus))
            {
                _within++;
                _outside.UnionWith(outside);
            }
        }
    }
}
