using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Scheduling;

public sealed class WorkQueueTests
{
    [Fact]
    public void Requests_are_taken_whole_or_not_at_all()
    {
        var queue = Queue(capacity: 5);
        Assert.True(Requests.Of(1, 10, 10, 10).TryQueue(queue, 3));
        Assert.False(Requests.Of(2, 10, 10, 10).TryQueue(queue, 3));
        Assert.True(Requests.Of(3, 10, 10).TryQueue(queue, 3));
        Assert.Equal(5, queue.Count);
        Assert.True(queue.IsFull);
    }

    [Fact]
    public void A_request_larger_than_the_queue_is_taken_when_nothing_waits()
    {
        var queue = Queue(capacity: 2);
        Assert.True(Requests.Of(1, 10, 10, 10).TryQueue(queue, 3));
        Assert.False(Requests.Of(2, 10).TryQueue(queue, 3));
    }

    [Fact]
    public void What_is_not_taken_stays_in_order()
    {
        var queue = Queue();
        for (var i = 1; i <= 6; i++) Requests.Of(i, i % 2 == 0 ? 200 : 10).TryQueue(queue, 3);
        Assert.Equal([1, 3, 5], Take(queue));
        Assert.Equal([2, 4, 6], Take(queue));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task A_removed_request_is_not_taken_and_ends()
    {
        var queue = Queue();
        var (gone, stays) = (Requests.Of(1, 10, 200), Requests.Of(2, 10));
        gone.TryQueue(queue, 3);
        stays.TryQueue(queue, 3);
        queue.Remove(gone, InferenceOutcome.Cancelled);
        Assert.Equal(InferenceOutcome.Cancelled, await gone.Completion);
        Assert.Equal([2], Take(queue));
    }

    [Fact]
    public async Task A_request_that_is_partly_taken_ends_when_that_part_does()
    {
        var queue = Queue();
        var request = Requests.Of(1, 10, 200);
        request.TryQueue(queue, 3);
        Assert.Equal([1], Take(queue));
        queue.Remove(request, InferenceOutcome.Cancelled);
        var completion = request.Completion;
        Assert.False(completion.IsCompleted);
        request.Finish(0, [1, 2, 3], at: 1);
        Assert.Equal(InferenceOutcome.Cancelled, await completion);
    }

    [Fact]
    public async Task A_closed_queue_gives_what_it_has_and_then_nothing()
    {
        var queue = Queue();
        Requests.Of(1, 10).TryQueue(queue, 3);
        queue.Close();
        Assert.False(Requests.Of(2, 10).TryQueue(queue, 3));
        Assert.Equal([1], Take(queue));
        Assert.Empty(await Task.Run(() => Take(queue)));
    }

    [Fact]
    public async Task Under_load_the_worker_waits_for_as_many_texts_as_it_had()
    {
        var queue = Queue(delay: TimeSpan.FromMinutes(10));
        Requests.Of(1, 10).TryQueue(queue, 3);
        var taking = Task.Run(() => Take(queue, expected: 3));
        Requests.Of(2, 10).TryQueue(queue, 3);
        Assert.False(taking.IsCompleted);
        Requests.Of(3, 10).TryQueue(queue, 3);
        var taken = await taking;
        Assert.Equal([1, 2, 3], taken);
    }

    [Fact]
    public void The_wait_ends_with_the_delay()
    {
        var queue = Queue(delay: TimeSpan.FromMilliseconds(20));
        Requests.Of(1, 10).TryQueue(queue, 3);
        Assert.Equal([1], Take(queue, expected: 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Without_load_nothing_waits(int expected)
    {
        // A wait of ten minutes would show.
        var queue = Queue(delay: TimeSpan.FromMinutes(10));
        Requests.Of(1, 10).TryQueue(queue, 3);
        Assert.Equal([1], Take(queue, expected));
    }

    [Fact]
    public void A_request_is_refused_when_what_waits_would_take_too_long()
    {
        // 10 ms a token, one worker: 100 tokens take a second.
        var queue = Queue(wait: TimeSpan.FromSeconds(1), secondsPerToken: 0.01);
        Assert.True(Requests.Of(1, 99).TryQueue(queue, 3));
        Assert.False(queue.IsFull);
        Assert.Equal(TimeSpan.FromSeconds(0.99), queue.ExpectedWait);
        Assert.True(Requests.Of(2, 1).TryQueue(queue, 3));
        Assert.True(queue.IsFull);
        Assert.False(Requests.Of(3, 1).TryQueue(queue, 3));
        Take(queue);
        Take(queue);
        Assert.Equal(TimeSpan.Zero, queue.ExpectedWait);
        Assert.True(Requests.Of(4, 500).TryQueue(queue, 3));
    }

    [Fact]
    public async Task A_text_whose_deadline_has_passed_is_not_executed()
    {
        var clock = new ManualClock();
        var queue = Queue(time: clock);
        var (late, fine) = (Requests.Of(1, 10, 10), Requests.Of(2, 10));
        late.ExpiresAt = clock.GetTimestamp() + 5;
        fine.ExpiresAt = clock.GetTimestamp() + 6;
        late.TryQueue(queue, 3);
        fine.TryQueue(queue, 3);
        clock.Advance(TimeSpan.FromTicks(5));
        Assert.Equal([2], Take(queue));
        Assert.Equal(InferenceOutcome.Expired, await late.Completion);
        Assert.Equal(TimeSpan.Zero, queue.ExpectedWait);
    }

    private static WorkQueue Queue(int capacity = 100, TimeSpan delay = default, TimeSpan? wait = null, double secondsPerToken = 0.001, TimeProvider? time = null) => new(
        new CostGrouping(8, 1024, 16), new QueueLimits(capacity, wait ?? TimeSpan.FromHours(1), delay), new ServicePace(secondsPerToken, 1), time ?? TimeProvider.System);

    /// <summary>Takes a batch and says whose texts are in it, by their token.</summary>
    private static long[] Take(WorkQueue queue, int expected = 0)
    {
        var texts = new QueuedItem[8];
        var count = queue.Take(texts, expected);
        return [.. texts[..count].Select(t => ((EmbeddingRequest)t.Request).Tokens(t.Index)[0])];
    }
}
