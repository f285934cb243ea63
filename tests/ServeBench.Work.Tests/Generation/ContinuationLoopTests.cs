using ServeBench.Work.Generation;

namespace ServeBench.Work.Tests.Generation;

public sealed class ContinuationLoopTests
{
    private static readonly (int[], int)[] Mixed =
        [.. Enumerable.Range(0, 40).Select(i => (new int[i % 4 == 0 ? 256 : 16], i % 2 == 0 ? 64 : 16))];

    /// <summary>However short the measurement, and wherever it is cut, the rate is that of all prompts.</summary>
    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(1, 30)]
    [InlineData(8, 0.2)]
    [InlineData(8, 30)]
    [InlineData(32, 5)]
    public void A_short_measurement_finds_the_rate_of_the_whole_workload(int batchSize, double seconds)
    {
        using var steps = new FakeSteps();
        var point = new ContinuationLoop(steps, Mixed, steps.Clock)
            .Measure(batchSize, TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        var due = Mixed.Average(r => FakeSteps.OfPrompt(r.Item1.Length)) + (Mixed.Average(r => r.Item2 - 1) * FakeSteps.OfStep(batchSize) / batchSize);
        Assert.Equal(1 / due, point.ItemsPerSecond, 0.005 / due);
        Assert.Equal(batchSize, point.BatchSize);
        Assert.True(point.Executions >= 3);
    }

    /// <summary>Every slot is full at every step, and no sequence gets longer than it is to be.</summary>
    [Fact]
    public void A_sequence_that_has_ended_leaves_its_slot_to_the_next_prompt()
    {
        using var steps = new FakeSteps();
        new ContinuationLoop(steps, Mixed, steps.Clock).Measure(4, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.All(steps.Decoded, lengths => Assert.Equal(4, lengths.Count));
        Assert.True(steps.Decoded.SelectMany(l => l).Max() < 256 + 64);
        // Sequences are spread over their course: the slots do not end all at once.
        Assert.True(steps.Prefills > 8);
        Assert.Equal(320, steps.Capacity);
    }

    [Fact]
    public void Where_one_token_is_asked_for_prompts_are_all_there_is()
    {
        using var steps = new FakeSteps();
        var point = new ContinuationLoop(steps, [(new int[16], 1)], steps.Clock)
            .Measure(2, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(1 / FakeSteps.OfPrompt(16), point.ItemsPerSecond, 0.001);
    }

    private sealed class FakeSteps : IDecoderSteps
    {
        public WorkClock Clock { get; } = new();

        public List<IReadOnlyList<int>> Decoded { get; } = [];

        public int Prefills { get; private set; }

        public int Capacity { get; private set; }

        public string Runtime => "none";

        public static double OfPrompt(int tokens) => tokens * 0.001;

        public static double OfStep(int slots) => 0.01 + (slots * 0.003);

        public void Reserve(int slots, int capacity) => Capacity = capacity;

        public void Prefill(int slot, int[] prompt)
        {
            Prefills++;
            Clock.Work(OfPrompt(prompt.Length));
        }

        public void Decode(IReadOnlyList<int> lengths)
        {
            Decoded.Add([.. lengths]);
            Clock.Work(OfStep(lengths.Count));
        }

        public void Dispose()
        {
        }
    }
}
