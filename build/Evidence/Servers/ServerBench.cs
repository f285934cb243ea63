using System.Diagnostics;
using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Load.Native;
using ServeBench.Load.Wire;
using ServeBench.Models.Store;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Payloads;
using ServeBench.Work;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>
/// A workload of the catalogue for our own server: a prepared model with seeded weights, the requests as a run would draw them, the server
/// on the servers' cores with one thread, and our own driver on the client's. <c>SERVEBENCH_EVIDENCE_SECONDS</c> changes the length of a
/// measurement, <c>SERVEBENCH_PROGRAM</c> the server.
/// </summary>
internal sealed class ServerBench
{
    private const string SecondsVariable = "SERVEBENCH_EVIDENCE_SECONDS";
    private const string ProgramVariable = "SERVEBENCH_PROGRAM";
    private const int Seed = 7;
    private const int KeptAnswers = 16;

    /// <summary>Characters of a thread's name that Linux keeps, less those that distinguish workers.</summary>
    private const int LongestThreadName = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BuildContext _context;
    private readonly WorkKind _work;

    private ServerBench(BuildContext context, Workload workload, ModelArtifact model)
    {
        _context = context;
        var catalogue = context.Services.Catalogue;
        _work = KnownWork.OfProgram.Of(workload);
        Workload = workload;
        Model = model;
        Protocol = catalogue.Protocol(workload.Protocols[0]);
        Payloads = new DrawnWorkloads(catalogue, KnownWork.OfProgram, Seeds.From(Seed)).Of(workload, model);
    }

    public Workload Workload { get; }

    public ModelArtifact Model { get; }

    public Protocol Protocol { get; }

    public WorkloadPayloads Payloads { get; }

    public CorePlan Cores { get; } = CorePlan.ForThisMachine();

    /// <summary>The server's program.</summary>
    public string Program => Environment.GetEnvironmentVariable(ProgramVariable) is { Length: > 0 } program
        ? Path.GetFullPath(program, _context.Services.Paths.Root)
        : _context.Services.Paths.Program("ServeBench.OnnxServer");

    /// <summary>Prepares the first model of a workload.</summary>
    /// <param name="workload">Its name.</param>
    public static async Task<ServerBench> OpenAsync(BuildContext context, string workload)
    {
        var catalogue = context.Services.Catalogue;
        var of = catalogue.Workloads.Single(w => w.Name == workload);
        var card = catalogue.Models.First(m => of.Models.Count > 0 ? of.Models[0] == m.Name : m.Groups.Contains(of.Group));
        var request = new ModelRequest { Weights = WeightsSource.Seeded };
        var model = await context.Services.Models.PrepareAsync(card, request, context.Services.Observer, context.Cancelled);
        return new ServerBench(context, of, model);
    }

    /// <summary>The length of one measurement.</summary>
    /// <exception cref="FaultException">when the variable says no number.</exception>
    public static TimeSpan Window(double usualSeconds) => Environment.GetEnvironmentVariable(SecondsVariable) switch
    {
        null or "" => TimeSpan.FromSeconds(usualSeconds),
        { } text when double.TryParse(text, out var seconds) && seconds > 0 => TimeSpan.FromSeconds(seconds),
        { } text => throw new FaultException(
            new Fault(SecondsVariable, null, null, $"'{text}' is not a number of seconds above 0", $"For example {SecondsVariable}=2")),
    };

    /// <summary>Starts the server and waits for its first answer.</summary>
    /// <param name="arguments">Beside its model, its address and its one thread.</param>
    public async Task<BenchServer> StartAsync(params string[] arguments)
    {
        var server = await BenchServer.StartAsync(
            Program, [$"--model={Model.Folder}", "--threads=1", .. arguments], Cores.Server,
            Path.Combine(_context.Services.Paths.Artifacts, "logs", "server-evidence.log"));
        try
        {
            await FirstAnswerAsync(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks until the server answers, and checks that answer.</summary>
    /// <returns>How long that was from its launch.</returns>
    /// <exception cref="RunFailedException">when it ends or answers wrongly, or nothing comes for a minute.</exception>
    public async Task<TimeSpan> FirstAnswerAsync(BenchServer server)
    {
        var request = Payloads.Some(1).Render(Protocol, server.Endpoint).Requests[0];
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        do
        {
            try
            {
                var kept = await WireFormat.Of(Protocol).AskAsync(server.Endpoint, request, 0, Patience, _context.Cancelled);
                var took = Stopwatch.GetElapsedTime(server.LaunchedAt);
                Check([kept]);
                return took;
            }
            catch (IOException) when (!server.HasExited && Stopwatch.GetElapsedTime(server.LaunchedAt) < Patience)
            {
                // It does not listen yet.
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                throw new RunFailedException($"{Program} does not answer: {e.Message}", $"See its log, {server.LogFile}", e);
            }
        }
        while (await poll.WaitForNextTickAsync(_context.Cancelled));
        throw new OperationCanceledException(_context.Cancelled);
    }

    /// <summary>Keeps requests in flight for a time; every request must be answered, and some answers are compared.</summary>
    public async Task<BenchLoad> ClosedLoopAsync(BenchServer server, int inFlight, TimeSpan window)
    {
        var load = await LoadAsync(server, new ClosedLoop(inFlight), inFlight, window, seed: inFlight);
        if (load.Samples.FirstOrDefault(s => s.Outcome != Outcome.Success) is { Last: > 0 } failed)
            throw new RunFailedException($"a request was not answered: {failed.Outcome}, status {failed.Status}", $"See {server.LogFile}");
        return load;
    }

    /// <summary>Arrivals at random moments, whether or not answers keep up.</summary>
    public Task<BenchLoad> OpenLoopAsync(BenchServer server, double perSecond, int warmUp, TimeSpan window, int seed) =>
        LoadAsync(server, new OpenLoop(ArrivalProcesses.Poisson, perSecond), warmUp, window, seed);

    private async Task<BenchLoad> LoadAsync(BenchServer server, LoadShape shape, int warmUp, TimeSpan window, int seed)
    {
        CpuAffinity.PinThisProcess(Cores.Client);
        var payloads = Payloads.Render(Protocol, server.Endpoint);
        var meter = new ProcessorMeter(server, Model.Model[..Math.Min(Model.Model.Length, LongestThreadName)]);
        var result = await new NativeDriver().RunAsync(
            new LoadJob
            {
                Target = server.Endpoint,
                Payloads = payloads,
                Shape = shape,
                WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), warmUp),
                Measure = window,
                Deadline = TimeSpan.FromMinutes(10),
                ArrivalSeed = seed,
                OrderSeed = seed,
                KeepAnswers = KeptAnswers,
                LeastBytesPerItem = _work.LeastBytesPerItem(Model),
                ClientCpus = Cores.Client,
                Window = meter,
            },
            _context.Cancelled);
        Check(result.Answers);
        return new BenchLoad([.. result.Samples.Rows.ToArray()], result.WindowSeconds, meter.Processor, meter.Threads);
    }

    /// <exception cref="RunFailedException">when an answer is not what the raw runtime gives.</exception>
    private void Check(IReadOnlyList<KeptAnswer> answers)
    {
        using var expectations = _work.Expectations(Model);
        var limits = _context.Services.Catalogue.Model(Model.Model).ParityOf(Model.Precision);
        foreach (var kept in answers)
        {
            if (!WireFormat.Of(Protocol).TryDecode(kept, out var decoded, out var problem)) throw Wrong(problem);
            var answer = new ServedAnswer(decoded.Items, decoded.Vectors);
            var expected = expectations?.Of(Payloads.Requests[kept.Payload]) ?? [];
            for (var i = 0; i < expected.Count; i++)
            {
                if (_work.Compare(expected[i], answer, i) is var closeness && !ParityCheck.Agrees(_work, limits, closeness))
                    throw Wrong(closeness.Unusable ?? ParityCheck.Distances(_work, limits, closeness));
            }
        }
    }

    private RunFailedException Wrong(string problem) => new($"{Program} answered wrongly: {problem}", "Mend the server first");
}
