using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Tests.Scheduling;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>
/// A server in this process whose executions wait until <see cref="FakeRunner.Gate"/> is opened, so that what a full queue, a
/// deadline or a client that leaves does is a matter of order, not of time. Time passes only where a test says so.
/// </summary>
internal sealed class GatedServer : IAsyncDisposable
{
    private readonly RunningServer _server;
    private readonly EmbeddingModel _model;
    private readonly List<EmbeddingRequest> _fillers = [];

    private GatedServer(RunningServer server, EmbeddingModel model, FakeRunner runner, ManualClock clock)
    {
        _server = server;
        _model = model;
        Runner = runner;
        Clock = clock;
    }

    public FakeRunner Runner { get; }

    /// <summary>The server's clock.</summary>
    public ManualClock Clock { get; }

    public RunningServer Server => _server;

    public Uri Address => _server.Client.BaseAddress!;

    /// <summary>Texts that wait.</summary>
    public int Waiting => _model.Queue.Count;

    /// <param name="model">Whose tokenizer and manifest it has.</param>
    /// <param name="arguments">Options beside the model and the address. Where they name more models, the last is the one that waits.</param>
    public static async Task<GatedServer> StartAsync(PreparedMiniLm model, params string[] arguments)
    {
        var clock = new ManualClock();
        FakeRunner? runner = null;
        EmbeddingModel? served = null;
        var server = await RunningServer.StartAsync(
            model.Folder,
            (folder, options, logger) =>
            {
                runner = new FakeRunner();
                served = new EmbeddingModel(
                    folder.Name ?? PreparedMiniLm.Name, model.Session.Manifest with { Dimensions = runner.Dimensions }, model.Tokenizer, [runner], options, clock, logger, runner);
                return served;
            },
            clock,
            arguments);
        return new GatedServer(server, served!, runner!, clock);
    }

    /// <summary>Closes the gate, has one text executed, which now waits at it, and one more wait in the queue.</summary>
    public void FillQueue()
    {
        Occupy();
        Add(5);
    }

    /// <summary>Closes the gate and has one text executed, which now waits at it.</summary>
    public void Occupy()
    {
        Close();
        Add(5);
        Runner.Began.Wait();
    }

    /// <summary>Closes the gate: the next execution will wait at it, and <see cref="FakeRunner.Began"/> say that it does.</summary>
    public void Close()
    {
        Runner.Gate.Reset();
        Runner.Began.Reset();
    }

    /// <summary>Waits until so many texts wait.</summary>
    public Task WaitForWaitingAsync(int texts) => Eventually.HoldsAsync(() => Waiting == texts, $"{texts} texts wait");

    /// <summary>Requests that ended so.</summary>
    public async Task<long> CountAsync(string outcome)
    {
        var metrics = await _server.Client.GetStringAsync("/metrics");
        return metrics.Split('\n').Where(l => l.Contains($"outcome=\"{outcome}\"", StringComparison.Ordinal)).Sum(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..]));
    }

    /// <summary>Waits until a line is among the metrics.</summary>
    public Task UntilAsync(string line) => Eventually.HoldsAsync(
        async () => (await _server.Client.GetStringAsync("/metrics")).Split('\n').Contains(line), $"the metrics have the line '{line}'");

    public async ValueTask DisposeAsync()
    {
        Runner.Gate.Set();
        foreach (var filler in _fillers) await filler.Completion;
        await _server.DisposeAsync();
    }

    private void Add(int tokens)
    {
        var filler = Requests.Of(9, tokens);
        Assert.True(filler.TryQueue(_model.Queue, Runner.Dimensions));
        _fillers.Add(filler);
    }
}
