using System.Globalization;
using ServeBench.Domain.Faults;

namespace ServeBench.Load.K6.Results;

/// <summary>What one runner's raw output says, put together by iteration.</summary>
internal sealed class RawResult
{
    private readonly Dictionary<int, Iteration> _warmUp = [];
    private readonly Dictionary<int, Iteration> _measure = [];
    private readonly List<long> _drops = [];
    private long _testStart = long.MaxValue;
    private long? _scheduleStart;

    private RawResult(string file) => File = file;

    public string File { get; }

    public IReadOnlyCollection<Iteration> WarmUp => _warmUp.Values;

    public IReadOnlyCollection<Iteration> Measure => _measure.Values;

    /// <summary>Unix nanoseconds of every arrival that k6 dropped, in the order of the file.</summary>
    public IReadOnlyList<long> Drops => _drops;

    /// <summary>Unix nanoseconds of the zero of the test's own clock, within microseconds.</summary>
    public long TestStart => _testStart;

    /// <summary>When k6 began its schedule, Unix nanoseconds rounded down to a millisecond; null where there is none.</summary>
    public long? ScheduleStart => _scheduleStart;

    /// <exception cref="RunFailedException">when the file cannot be read, or was not made by a generated script.</exception>
    public static RawResult Read(string file)
    {
        var result = new RawResult(file);
        foreach (var row in K6Csv.Read(file)) result.Add(row);
        if (result._testStart == long.MaxValue || result._measure.Count + result._warmUp.Count == 0)
        {
            throw new RunFailedException($"{file} holds no iterations that a generated script has named",
                "The script must keep its calls of begin() and end(); write it anew with --target=Scripts");
        }
        return result;
    }

    private void Add(K6Row row)
    {
        switch (row.Metric)
        {
            // The row's time was taken just after its value: the least difference is the nearest.
            case "test_clock":
                _testStart = Math.Min(_testStart, row.Time - Nanoseconds(row.Value));
                return;
            case "schedule_start":
                _scheduleStart = (long)row.Value * 1_000_000;
                return;
            case "dropped_iterations":
                for (var i = 0; i < (int)row.Value; i++) _drops.Add(row.Time);
                return;
        }
        if (Of(row) is { } iteration) Add(row, iteration);
    }

    private Iteration? Of(K6Row row)
    {
        var iterations = row.Scenario switch { "warmup" => _warmUp, "measure" => _measure, _ => null };
        if (iterations is null || row.Datum("i") is not { } mark) return null;
        // While it runs, its number; once it has finished, the number, a slash, and the bytes of its answer's body, if those are known.
        var slash = mark.IndexOf('/', StringComparison.Ordinal);
        if (!int.TryParse(slash < 0 ? mark : mark.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return iterations.TryGetValue(number, out var known) ? known : iterations[number] = new Iteration(number);
    }

    private void Add(K6Row row, Iteration iteration)
    {
        switch (row.Metric)
        {
            case "http_req_duration":
                if (iteration.RequestEnd != 0)
                {
                    throw new RunFailedException($"{File}: iteration {iteration.Number} of {row.Scenario} made more than one request",
                        "An iteration of a case makes one request; write the script anew with --target=Scripts");
                }
                Request(row, iteration, row.Status);
                break;
            case "http_req_receiving":
                iteration.Receiving = Nanoseconds(row.Value);
                break;
            // Scripts of other protocols measure their requests themselves.
            case "request_duration":
                Request(row, iteration, row.Tag("outcome") ?? "");
                break;
            case "time_to_first_message":
                iteration.Receiving = -Nanoseconds(row.Value);
                break;
            case "checks":
                iteration.CheckFailed |= row.Value == 0;
                break;
            case "data_received":
                iteration.ReceivedBytes = (int)row.Value;
                break;
            case "iteration_duration":
                iteration.End = row.Time;
                iteration.Start = row.Time - Nanoseconds(row.Value);
                var mark = row.Datum("i")!;
                iteration.Finished = mark.Contains('/', StringComparison.Ordinal);
                if (int.TryParse(row.Datum("vu"), NumberStyles.None, CultureInfo.InvariantCulture, out var user)) iteration.User = user;
                // The number, the bytes of the answer's body, and, where the stack has rules, what they say of it.
                var parts = mark.Split('/');
                if (parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
                    iteration.BodyBytes = bytes;
                if (parts.Length > 2) iteration.Meaning = parts[2];
                break;
        }
    }

    private static void Request(K6Row row, Iteration iteration, string status)
    {
        iteration.RequestEnd = row.Time;
        iteration.RequestDuration = Nanoseconds(row.Value);
        iteration.Status = status;
        iteration.ErrorCode = row.ErrorCode;
    }

    private static long Nanoseconds(double milliseconds) => (long)Math.Round(milliseconds * 1e6);
}
