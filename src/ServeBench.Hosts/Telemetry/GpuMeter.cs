using System.Globalization;
using ServeBench.Domain.Trials;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Telemetry;

/// <summary>Watches a machine's NVIDIA GPUs by asking nvidia-smi twice a second while a window is open.</summary>
/// <param name="commands">Runs nvidia-smi.</param>
/// <param name="there">Makes a command one that runs on the GPUs' machine; null when that is this one.</param>
internal sealed class GpuMeter(ICommandRunner commands, Func<CommandSpec, CommandSpec>? there = null) : IDisposable
{
    private static readonly CommandSpec Command =
        new("nvidia-smi", "--query-gpu=utilization.gpu,memory.used,power.draw", "--format=csv,noheader,nounits", "--loop-ms=500");

    private readonly List<string> _lines = [];
    private CancellationTokenSource? _end;
    private Task<string>? _watching;

    public void Start()
    {
        _lines.Clear();
        _end?.Dispose();
        _end = new CancellationTokenSource();
        _watching = WatchAsync(_end.Token);
    }

    public GpuUse Stop()
    {
        _end!.Cancel();
        var problem = _watching!.GetAwaiter().GetResult();
        lock (_lines) return Of(_lines, problem);
    }

    public void Dispose() => _end?.Dispose();

    /// <param name="lines">As nvidia-smi prints them: per cent, MiB, watts; one line for each GPU each time.</param>
    /// <param name="problem">Why there are none.</param>
    internal static GpuUse Of(IReadOnlyList<string> lines, string problem)
    {
        var readings = lines.Select(l => l.Split(',', StringSplitOptions.TrimEntries)).Where(f => f.Length == 3).ToArray();
        if (readings.Length == 0)
            return new GpuUse { Source = $"not measured: {(problem.Length > 0 ? problem : "nvidia-smi said nothing")}" };
        double[] Column(int i) =>
            [.. readings
                .Select(f => double.TryParse(f[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : (double?)null)
                .OfType<double>()];
        var (busy, memory, power) = (Column(0), Column(1), Column(2));
        return new GpuUse
        {
            Busy = busy.Length > 0 ? busy.Average() / 100 : null,
            PeakMemoryBytes = memory.Length > 0 ? memory.Max() * (1 << 20) : null,
            MeanWatts = power.Length > 0 ? power.Average() : null,
            Readings = readings.Length,
            Source = "nvidia-smi, the whole GPU",
        };
    }

    private async Task<string> WatchAsync(CancellationToken end)
    {
        try
        {
            var result = await commands.TryRunAsync(there?.Invoke(Command) ?? Command, Heard, end);
            return result.Error.Trim() is { Length: > 0 } error ? error : $"nvidia-smi ended with code {result.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            return "";
        }
        catch (CommandFailedException e)
        {
            return e.Message;
        }
    }

    private void Heard(string line)
    {
        lock (_lines) _lines.Add(line);
    }
}
