namespace ServeBench.Hosts.Telemetry;

/// <summary>
/// Reads an amount of memory at an interval, every 100 ms if none is said, on a thread of its own, from its making until it is
/// stopped.
/// </summary>
internal sealed class MemorySampler
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);

    private readonly List<long> _readings = [];
    private readonly object _ended = new();
    private readonly Func<long?> _read;
    private readonly TimeSpan _interval;
    private readonly Thread _thread;
    private bool _open = true;

    /// <param name="read">The bytes now; null when they cannot be determined, which is no reading.</param>
    /// <param name="interval">From the end of one reading to the next; null for the usual.</param>
    public MemorySampler(Func<long?> read, TimeSpan? interval = null)
    {
        _read = read;
        _interval = interval ?? Usual;
        _thread = new Thread(Read) { IsBackground = true, Name = "memory of the server" };
        _thread.Start();
    }

    /// <summary>Every reading in bytes, in order; the first is taken even when it is stopped at once.</summary>
    public IReadOnlyList<long> Stop()
    {
        lock (_ended)
        {
            _open = false;
            Monitor.Pulse(_ended);
        }
        _thread.Join();
        return _readings;
    }

    private void Read()
    {
        lock (_ended)
        {
            do
            {
                if (_read() is { } bytes) _readings.Add(bytes);
                if (_open) Monitor.Wait(_ended, _interval);
            }
            while (_open);
        }
    }
}
