namespace ServeBench.OnnxServer.Metrics;

/// <summary>
/// What Triton's statistics extension counts, for one model: requests, each part of them with the sum of its time, and
/// executions by the items in them. May be fed from any thread; <see cref="Read"/> sees all of one moment.
/// </summary>
internal sealed class InferenceStatistics
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, BatchStatistics> _batches = [];
    private RequestStatistics _requests;

    /// <summary>Counts an execution that succeeded, before its results are handed out, so that no client hears of it sooner.</summary>
    /// <param name="items">Items in it.</param>
    /// <param name="took">When a worker had taken the items from the queue.</param>
    /// <param name="began">When they were laid out and the runtime began.</param>
    /// <param name="ended">When the runtime had ended.</param>
    /// <param name="time">The clock of these times.</param>
    public void Executed(int items, long took, long began, long ended, TimeProvider time)
    {
        lock (_lock)
        {
            _requests.Items += items;
            _requests.Executions++;
            _requests.LastInference = time.GetUtcNow().ToUnixTimeMilliseconds();
            var batch = _batches.GetValueOrDefault(items);
            batch.Executions++;
            batch.LayingOut += time.GetElapsedTime(took, began);
            batch.Inference += time.GetElapsedTime(began, ended);
            _batches[items] = batch;
        }
    }

    /// <summary>Adds the time that handing an execution's results to their requests took.</summary>
    /// <param name="ended">When the runtime had ended.</param>
    public void Delivered(int items, long ended, TimeProvider time)
    {
        lock (_lock)
        {
            var batch = _batches[items];
            batch.HandingOut += time.GetElapsedTime(ended);
            _batches[items] = batch;
        }
    }

    /// <summary>Counts a request that asked this model. One that was not understood is the client's fault, and not counted.</summary>
    /// <param name="times">Its times; null where it was not read.</param>
    public void Answered(RequestTimes? times, RequestOutcome outcome, long received, TimeProvider time)
    {
        if (outcome == RequestOutcome.Invalid) return;
        lock (_lock)
        {
            if (outcome != RequestOutcome.Success || times is not { } t)
            {
                _requests.Failure.Add(time.GetElapsedTime(received));
                return;
            }
            _requests.Reading.Add(time.GetElapsedTime(t.Received, t.Queued));
            _requests.Waiting.Add(time.GetElapsedTime(t.Queued, t.Started));
            _requests.Inference.Add(time.GetElapsedTime(t.Started, t.Ended));
            _requests.Writing.Add(time.GetElapsedTime(0, t.Writing));
            _requests.Success.Add(time.GetElapsedTime(received));
        }
    }

    /// <summary>Everything counted so far, the executions by ascending numbers of items.</summary>
    public (RequestStatistics Requests, IReadOnlyList<(int Items, BatchStatistics Batch)> Batches) Read()
    {
        lock (_lock) return (_requests, [.. _batches.Select(b => (b.Key, b.Value))]);
    }
}

/// <summary>A number of things, and the time that all of them took together.</summary>
internal record struct Counted(long Count, TimeSpan Time)
{
    public void Add(TimeSpan time)
    {
        Count++;
        Time += time;
    }
}

/// <summary>What is counted by requests. The parts of a request follow each other, so they never add up to more than the whole.</summary>
internal record struct RequestStatistics
{
    /// <summary>Requests that were answered, from their arrival to the end of their answer.</summary>
    public Counted Success;

    /// <summary>Requests that were understood and not answered: refused, expired, left by their client, or failed.</summary>
    public Counted Failure;

    /// <summary>Receiving a request and making of its items what the model takes.</summary>
    public Counted Reading;

    /// <summary>Waiting for the first execution.</summary>
    public Counted Waiting;

    /// <summary>From the beginning of a request's first execution to the end of its last.</summary>
    public Counted Inference;

    /// <summary>Writing the answer.</summary>
    public Counted Writing;

    /// <summary>Items executed.</summary>
    public long Items;

    /// <summary>Executions of the runtime.</summary>
    public long Executions;

    /// <summary>When the last execution ended, in milliseconds since 1970; 0 while there was none.</summary>
    public long LastInference;
}

/// <summary>What is counted by executions of one size: how many there were, and the sums of their times.</summary>
internal record struct BatchStatistics
{
    public long Executions;

    /// <summary>Laying the items out in the runtime's buffers.</summary>
    public TimeSpan LayingOut;

    /// <summary>The runtime itself.</summary>
    public TimeSpan Inference;

    /// <summary>Copying the results to their requests.</summary>
    public TimeSpan HandingOut;
}
