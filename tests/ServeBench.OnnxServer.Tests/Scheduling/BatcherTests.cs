using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Scheduling;

public sealed class BatcherTests
{
    [Fact]
    public async Task Requests_that_wait_share_an_execution_and_each_gets_its_own_embedding()
    {
        using var runner = new FakeRunner();
        using var batcher = Batcher(new ServerOptions { Models = [] }, runner);
        var blocker = Block(batcher, runner);
        var requests = Enumerable.Range(1, 8).Select(i => Requests.Of(100 + i, 10 + i)).ToArray();
        foreach (var request in requests) Assert.True(request.TryQueue(batcher.Queue, 3));
        runner.Gate.Set();

        foreach (var (request, i) in requests.Select((r, i) => (r, i + 1)))
        {
            Assert.Equal(InferenceOutcome.Done, await request.Completion);
            Assert.Equal([100 + i, (100 + i) * (10 + i), 10 + i], request.Embedding(0).ToArray());
        }
        await blocker.Completion;
        Assert.Equal([(1, 5), (8, 18)], runner.Executions);
    }

    [Fact]
    public async Task Without_batching_every_request_is_an_execution()
    {
        using var runner = new FakeRunner();
        using var batcher = Batcher(new ServerOptions { Models = [], Batching = BatchingMode.None }, runner);
        var blocker = Block(batcher, runner);
        EmbeddingRequest[] requests = [Requests.Of(1, 10), Requests.Of(2, 10, 12), Requests.Of(3, 10)];
        foreach (var request in requests) request.TryQueue(batcher.Queue, 3);
        runner.Gate.Set();

        foreach (var request in requests.Append(blocker)) await request.Completion;
        Assert.Equal([(1, 5), (1, 10), (2, 12), (1, 10)], runner.Executions);
    }

    [Fact]
    public async Task A_text_that_makes_an_execution_fail_harms_no_neighbour()
    {
        using var runner = new FakeRunner();
        using var batcher = Batcher(new ServerOptions { Models = [] }, runner);
        var blocker = Block(batcher, runner);
        EmbeddingRequest[] good = [Requests.Of(1, 10), Requests.Of(3, 11)];
        var bad = Requests.Of(FakeRunner.Poison, 10);
        foreach (var request in new[] { good[0], bad, good[1] }) request.TryQueue(batcher.Queue, 3);
        runner.Gate.Set();

        Assert.Equal(InferenceOutcome.Failed, await bad.Completion);
        foreach (var request in good.Append(blocker)) Assert.Equal(InferenceOutcome.Done, await request.Completion);
        Assert.Equal([3, 33, 11], good[1].Embedding(0).ToArray());
    }

    [Fact]
    public async Task An_embedding_that_is_no_number_is_a_failure()
    {
        using var runner = new FakeRunner();
        using var batcher = Batcher(new ServerOptions { Models = [] }, runner);
        var blocker = Block(batcher, runner);
        var (bad, good) = (Requests.Of(FakeRunner.Overflow, 10), Requests.Of(1, 10));
        bad.TryQueue(batcher.Queue, 3);
        good.TryQueue(batcher.Queue, 3);
        runner.Gate.Set();

        Assert.Equal(InferenceOutcome.Failed, await bad.Completion);
        Assert.Equal(InferenceOutcome.Done, await good.Completion);
        Assert.Equal(InferenceOutcome.Done, await blocker.Completion);
    }

    [Fact]
    public async Task A_mistake_in_an_execution_ends_its_requests_is_logged_and_the_worker_goes_on()
    {
        using var runner = new FakeRunner();
        var logger = new RecordingLogger();
        var batcher = Batcher(new ServerOptions { Models = [] }, logger, runner);
        var blocker = Block(batcher, runner);
        EmbeddingRequest[] together = [Requests.Of(1, 10), Requests.Of(FakeRunner.Bug, 10), Requests.Of(3, 10)];
        foreach (var request in together) request.TryQueue(batcher.Queue, 3);
        runner.Gate.Set();
        foreach (var request in together) Assert.Equal(InferenceOutcome.Failed, await request.Completion);
        Assert.Equal(InferenceOutcome.Done, await blocker.Completion);

        var next = Requests.Of(7, 10);
        next.TryQueue(batcher.Queue, 3);
        Assert.Equal(InferenceOutcome.Done, await next.Completion);
        // The worker is over, so everything has been said.
        batcher.Dispose();
        var entry = Assert.Single(logger.Entries);
        Assert.Equal((LogLevel.Critical, "a bug"), (entry.Level, entry.Why!.Message));
        Assert.Contains("without embedding: 3 texts", entry.Text);
    }

    [Fact]
    public async Task A_mistake_in_the_middle_of_a_batch_ends_no_text_twice()
    {
        using var runner = new FakeRunner();
        using var batcher = Batcher(new ServerOptions { Models = [] }, new RecordingLogger(), runner);
        var blocker = Block(batcher, runner);
        // The short texts share an execution; there is no room for the embedding of the second of them.
        var (good, bad, last) = (Requests.Of(1, 10, 200), Requests.Of(2, 10), Requests.Of(3, 10));
        good.TryQueue(batcher.Queue, 3);
        bad.TryQueue(batcher.Queue, 2);
        last.TryQueue(batcher.Queue, 3);
        runner.Gate.Set();
        Assert.Equal(InferenceOutcome.Failed, await bad.Completion);
        Assert.Equal(InferenceOutcome.Failed, await last.Completion);
        Assert.Equal(InferenceOutcome.Done, await good.Completion);
        Assert.Equal([1, 200, 200], good.Embedding(1).ToArray());
        await blocker.Completion;
        Assert.Equal([(1, 5), (3, 10), (1, 200)], runner.Executions);
    }

    [Fact]
    public async Task What_waits_is_finished_before_the_workers_end()
    {
        using var runner = new FakeRunner();
        var batcher = Batcher(new ServerOptions { Models = [], MaxBatch = 1 }, runner);
        var blocker = Block(batcher, runner);
        var requests = Enumerable.Range(1, 5).Select(i => Requests.Of(i, 10)).ToArray();
        foreach (var request in requests) request.TryQueue(batcher.Queue, 3);
        var ending = Task.Run(batcher.Dispose, TestContext.Current.CancellationToken);
        runner.Gate.Set();
        await ending;
        foreach (var request in requests.Append(blocker)) Assert.Equal(InferenceOutcome.Done, await request.Completion);
    }

    [Fact]
    public async Task Many_callers_on_several_instances_each_get_their_own_answer()
    {
        FakeRunner[] runners = [new(), new(), new()];
        using var batcher = Batcher(new ServerOptions { Models = [], MaxQueue = 1 << 16 }, runners);
        var pool = new RequestPool<EmbeddingRequest>();
        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var request = pool.Get();
            var lengths = new[] { 3 + i % 50, 3 + i % 7 };
            foreach (var length in lengths)
            {
                request.Room(length).Fill(10_000 + i);
                request.AddText(length);
            }
                Assert.True(request.TryQueue(batcher.Queue, 3));
            Assert.Equal(InferenceOutcome.Done, await request.Completion);
            for (var t = 0; t < 2; t++) Assert.Equal([10_000 + i, (10_000 + i) * lengths[t], lengths[t]], request.Embedding(t).ToArray());
            pool.Return(request);
        });
        Assert.Equal(10_000, runners.SelectMany(r => r.Executions).Sum(e => e.Batch));
        foreach (var runner in runners) runner.Dispose();
    }

    private static Batcher Batcher(ServerOptions options, params IEmbeddingRunner[] runners) => Batcher(options, NullLogger.Instance, runners);

    private static Batcher Batcher(ServerOptions options, ILogger logger, params IEmbeddingRunner[] runners) =>
        new("fake", [.. runners.Select(r => new EmbeddingBatch(r, padding: 0))], new ExecutionCost(1e-9, 16), options.MaxBatchTokens, options, new ModelMetrics(), TimeProvider.System, logger);

    /// <summary>Keeps the worker busy with a text of 5 tokens until the gate opens.</summary>
    private static EmbeddingRequest Block(Batcher batcher, FakeRunner runner)
    {
        runner.Gate.Reset();
        var blocker = Requests.Of(9, 5);
        blocker.TryQueue(batcher.Queue, 3);
        runner.Began.Wait();
        return blocker;
    }
}
