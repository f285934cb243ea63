using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Load.K6.Results;
using ServeBench.Load.K6.Running;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Native;
using ServeBench.Load.Patterns;
using ServeBench.Load.Wire;

namespace ServeBench.Load.K6;

/// <summary>
/// Makes load with k6: writes the case's script, runs it on the client's cores, and reads every request out of its raw output
/// (docs/k6.md). What the script, its payloads and k6's log were stays in the case's folder until that case is run again.
/// </summary>
public sealed class K6Driver : ILoadDriver
{
    private readonly K6Program _program;
    private readonly ScriptWriter _writer;
    private readonly string _work;
    private readonly TimeProvider _time;

    /// <param name="program">The k6 to run.</param>
    /// <param name="templates">Folder of the templates.</param>
    /// <param name="work">Gets one folder for each case.</param>
    /// <param name="time">The wall clock, by which k6 writes its times.</param>
    public K6Driver(K6Program program, string templates, string work, TimeProvider time)
    {
        _program = program;
        _writer = new ScriptWriter(templates);
        _work = work;
        _time = time;
        Fingerprint = $"{program.Name}, templates {ContentHash.OfFolder(templates)}";
    }

    public string Name => _program.Name;

    /// <summary>Whether k6 may report its use and fetch extensions.</summary>
    public bool Online { get; init; }

    public string Fingerprint { get; }

    public bool CanDrive(WireFormat wire) =>
        wire.K6.SendsItsBodies && (wire.K6.Module is not { } module || _program.Extensions.Contains(module));

    /// <summary>Whether k6 keeps to a bound of requests per second: its own setting counts requests of HTTP only.</summary>
    public static bool KeepsBound(Protocol protocol) => WireFormat.Of(protocol).K6.IsCountedByK6;

    public async Task<LoadResult> RunAsync(LoadJob job, CancellationToken ct)
    {
        if (job.Measure <= TimeSpan.Zero || !LoadPattern.Of(job.Shape).Fits(job.Measure))
            throw new ArgumentException($"k6 cannot make a load of {job.Shape.Title} for {job.Measure}", nameof(job));
        var one = new K6Case(job);
        var folder = Path.Combine(_work, FileNames.Of(job.Title, job.Shape.Id));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        one.Write(_writer, folder);

        for (var attempt = 1; ; attempt++)
        {
            var launch = new K6Launch
            {
                Program = _program,
                Online = Online,
                Folder = folder,
                Port = FreePort.Find(),
                Target = job.Target,
                KeepAnswers = job.KeepAnswers,
                CheckAnswers = job.CheckAnswers,
                Cpus = job.ClientCpus,
            };
            var log = new K6Log(launch.Log);
            var run = new K6Run(launch, log, job, one, _time);
            var code = await run.RunAsync(ct);
            // Between finding a port free and taking it, another program can be faster.
            if (code == K6Exit.CannotStartRestApi && attempt < 3) continue;
            if (K6Exit.Failure(code, log.Errors, launch.Log) is { } failure) throw failure;
            var result = Read(launch, log, job, one.Timing, run);
            File.Delete(launch.Csv);
            return result;
        }
    }

    private static LoadResult Read(K6Launch launch, K6Log log, LoadJob job, CaseTiming timing, K6Run run)
    {
        var raw = RawResult.Read(launch.Csv);
        var builder = new SampleBuilder(raw, timing);
        var samples = builder.Samples(builder.WindowStart, builder.WindowEnd);
        var outside = builder.Outside();
        return new LoadResult
        {
            Samples = samples,
            WindowSeconds = job.Measure.TotalSeconds,
            WarmUpRequests = outside.Before.Count + outside.After.Count,
            Outside = outside,
            WarmUp = WarmUpReader.Read(raw, timing),
            Client = run.ClientUse,
            Answers = !job.Payloads.Wire.K6.KeepsWholeAnswers
                ? []
                : [.. log.Answers.Select(a => new KeptAnswer(timing.PayloadOf(a.Iteration), a.Status, a.Body))],
            Disturbance = Exceptions(builder.Exceptions, samples.Count, log)
                ?? Disturbance.Of(
                    samples,
                    builder.LastError == 0
                        ? ""
                        : $"k6's error code {builder.LastError}{(log.Errors.Count > 0 ? $" ({log.Errors[0]})" : "")}"),
        };
    }

    /// <summary>k6 ends with code 0 when every iteration has thrown: its log and the rows that are missing show it.</summary>
    private static string? Exceptions(int count, int all, K6Log log) => count == 0 ? null
        : $"the k6 script threw in {count} of {all} iterations{(log.Errors.Count > 0 ? $"; the first: {log.Errors[0]}" : "")}";
}
