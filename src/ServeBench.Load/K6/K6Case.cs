using ServeBench.Load.K6.Results;
using ServeBench.Load.K6.Running;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Patterns;

namespace ServeBench.Load.K6;

/// <summary>One case as k6 runs it: a folder with its script, its payloads and its arrivals, and how to read what comes out.</summary>
public sealed class K6Case
{
    private const string PayloadName = "payloads.json";
    private const string ArrivalName = "arrivals.json";
    private const string DrawName = "draws.json";

    /// <summary>
    /// Windows of a warm-up. k6 cannot tell when a server has settled, so its warm-up has a fixed length: twice the windows that
    /// must agree, within the limit.
    /// </summary>
    private const int WarmUpWindows = 6;

    /// <summary>k6 refuses scenarios that are shorter (lib/executor/base_config.go).</summary>
    private static readonly TimeSpan ShortestScenario = TimeSpan.FromSeconds(1);

    private readonly LoadJob _job;
    private readonly LoadPattern _pattern;
    private readonly PayloadDraws _draws;
    private readonly long[] _arrivals;

    public K6Case(LoadJob job)
    {
        _job = job;
        _pattern = LoadPattern.Of(job.Shape);
        _arrivals = _pattern.ArrivalsOfScript(job.ArrivalSeed, Margin, job.Measure);
        _draws = PayloadDraws.Of(job, Margin, _arrivals);
    }

    /// <summary>A server that an earlier case has warmed up gets the shortest that k6 allows.</summary>
    public TimeSpan WarmUp =>
        _job.IsWarm ? ShortestScenario : Most(ShortestScenario, Least(_job.WarmUp.Limit, WarmUpWindows * _job.WarmUp.Window));

    /// <summary>Load before and after the window: as long as the native driver's run-in.</summary>
    public TimeSpan Margin => Most(_job.WarmUp.Window, (ShortestScenario - _job.Measure) / 2);

    /// <summary>From the start of the test to the last answer, at the very most.</summary>
    public TimeSpan Longest => WarmUp + 2 * Margin + _job.Measure + _job.Deadline + TimeSpan.FromSeconds(2);

    internal CaseTiming Timing => new()
    {
        Shape = _job.Shape,
        WarmUp = WarmUp,
        WarmUpWindow = _job.WarmUp.Window,
        Margin = Margin,
        Measure = _job.Measure,
        Deadline = _job.Deadline,
        ExpectedStatus = _job.Payloads.Wire.ExpectedStatus,
        LeastBytesPerItem = _job.LeastBytesPerItem,
        Arrivals = _arrivals,
        Order = _draws.Measure,
        WarmUpOrder = _draws.WarmUp,
        Items = [.. _job.Payloads.Requests.Select(r => r.Items)],
    };

    /// <summary>Writes the script and the files that it reads.</summary>
    /// <param name="writer">Writes scripts.</param>
    /// <param name="folder">Where they go; made when it is not there.</param>
    /// <param name="name">Name of the script, with its extension.</param>
    /// <param name="shared">Name of a payload file that cases share; null gives each its own.</param>
    /// <returns>Names of the files beside the script that it reads.</returns>
    public IReadOnlyList<string> Write(ScriptWriter writer, string folder, string name = K6Launch.ScriptName, string? shared = null)
    {
        Directory.CreateDirectory(folder);
        var payloads = PayloadFile.Of(_job.Payloads, Enumerable.Range(0, _job.Payloads.Requests.Count));
        payloads.Write(Path.Combine(folder, shared ?? PayloadName));
        var arrivals = name == K6Launch.ScriptName ? ArrivalName : Path.ChangeExtension(name, ArrivalName);
        var draws = name == K6Launch.ScriptName ? DrawName : Path.ChangeExtension(name, DrawName);
        _draws.Write(Path.Combine(folder, draws));
        if (_arrivals.Length > 0) ArrivalFile.Write(Path.Combine(folder, arrivals), _arrivals);
        foreach (var file in _job.ProtocolFiles) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        File.WriteAllText(Path.Combine(folder, name), writer.Write(new ScriptCase
        {
            Title = _job.Title,
            Question = _pattern.Question,
            Protocol = _job.Protocol,
            Wire = _job.Payloads.Wire,
            Shape = _job.Shape,
            WarmUpSeconds = WarmUp.TotalSeconds,
            MarginSeconds = Margin.TotalSeconds,
            MeasureSeconds = _job.Measure.TotalSeconds,
            WarmUpConcurrency = _job.WarmUp.Concurrency,
            Deadline = _job.Deadline,
            LatencyP95 = _job.Objectives?.LatencyP95,
            ErrorRate = _job.Objectives?.ErrorRate,
            Rules = _job.Rules,
            Host = _job.Target.HostAndPort,
            Scheme = _job.Target.Scheme,
            SecretHeaders = [.. _job.Target.Headers.Select((h, i) => KeyValuePair.Create(h.Name, K6Environment.HeaderVariable(i)))],
            MostPerSecond = _job.Target.MostPerSecond,
            File = name,
            PayloadFile = shared ?? PayloadName,
            DrawFile = draws,
            ArrivalFile = arrivals,
            Binary = payloads.Binary,
            OwnPaths = payloads.OwnPaths,
            OwnHeaders = payloads.OwnHeaders,
            SharedHeaders = payloads.SharedHeaders,
            Path = payloads.Path.Length > 0 ? payloads.Path : null,
        }));
        return [
            shared ?? PayloadName,
            draws,
            .. _arrivals.Length > 0 ? (string[])[arrivals] : [],
            .. _job.ProtocolFiles.Select(f => Path.GetFileName(f))];
    }

    private static TimeSpan Most(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
