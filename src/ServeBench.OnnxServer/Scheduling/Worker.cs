using ServeBench.Domain.Faults;
using ServeBench.Domain.Wording;
using ServeBench.OnnxServer.Logs;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Scheduling;

/// <summary>One thread that takes items from the queue, has them executed, and hands every result to the request it belongs to.</summary>
internal sealed class Worker
{
    private readonly WorkQueue _queue;
    private readonly IBatchExecutor _executor;
    private readonly ServicePace _pace;
    private readonly ModelMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly QueuedItem[] _items;

    /// <summary>The first so many items of the batch have ended: they belong to their requests again, or to later ones.</summary>
    private int _ended;

    /// <param name="maximumItems">Items in one execution.</param>
    public Worker(
        string name,
        WorkQueue queue,
        IBatchExecutor executor,
        int maximumItems,
        ServicePace pace,
        ModelMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        _queue = queue;
        _executor = executor;
        _items = new QueuedItem[maximumItems];
        _pace = pace;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _thread = new Thread(Work) { Name = name, IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Waits until the queue is closed and empty and the last execution is over.</summary>
    public void Join() => _thread.Join();

    private void Work()
    {
        var taken = 0;
        while ((taken = _queue.Take(_items, expected: taken)) > 0)
        {
            _ended = 0;
            var items = _items.AsSpan(0, taken);
            try
            {
                Execute(items);
            }
            catch (Exception e)
            {
                FailRest(items, e);
            }
            // Lets go of the requests, so that they can be pooled or collected.
            items.Clear();
        }
    }

    private void Execute(ReadOnlySpan<QueuedItem> items)
    {
        var took = _time.GetTimestamp();
        var padded = _executor.LayOut(items);
        var began = _time.GetTimestamp();
        var cost = 0;
        foreach (var item in items)
        {
            cost += item.Cost;
            item.Request.Start(began, items.Length);
        }
        try
        {
            _executor.Execute();
        }
        catch (RunFailedException e) when (items.Length == 1)
        {
            Fail(items[0], e);
            return;
        }
        catch (RunFailedException)
        {
            // One item may have made the runtime fail; its neighbours are not to suffer for it.
            for (var i = 0; i < items.Length; i++) ExecuteAlone(items.Slice(i, 1));
            return;
        }
        var ended = _time.GetTimestamp();
        _pace.Observe(cost, _time.GetElapsedTime(began, ended).TotalSeconds);
        Deliver(items, cost, padded, took, began, ended);
    }

    private void ExecuteAlone(ReadOnlySpan<QueuedItem> item)
    {
        var took = _time.GetTimestamp();
        long began;
        int padded;
        try
        {
            padded = _executor.LayOut(item);
            began = _time.GetTimestamp();
            _executor.Execute();
        }
        catch (RunFailedException e)
        {
            Fail(item[0], e);
            return;
        }
        Deliver(item, item[0].Cost, padded, took, began, _time.GetTimestamp());
    }

    private void Deliver(ReadOnlySpan<QueuedItem> items, int cost, int padded, long took, long began, long ended)
    {
        _metrics.Executed(items.Length, cost, padded, _time.GetElapsedTime(began, ended).TotalSeconds);
        _metrics.Statistics.Executed(items.Length, took, began, ended, _time);
        for (var i = 0; i < items.Length; i++)
        {
            if (_executor.Deliver(i, items[i], ended) is { } failure) Fail(items[i], failure);
            else _ended++;
        }
        _metrics.Statistics.Delivered(items.Length, ended, _time);
    }

    private void Fail(in QueuedItem item, RunFailedException e)
    {
        var words = _executor.Words;
        _logger.NoResult(e, words.Item, item.Cost, words.Unit, words.Result);
        Abandon(item);
    }

    /// <summary>
    /// Ends what is left of a batch in which something went wrong that no executor reports: too little memory, or a mistake of this
    /// program. The process lives on for all other requests, and the log says what it was. What goes wrong while the queue is
    /// asked for items is not caught, and ends the process: nobody would know whose items were lost.
    /// </summary>
    private void FailRest(ReadOnlySpan<QueuedItem> items, Exception e)
    {
        var rest = items[_ended..];
        foreach (var item in rest) Abandon(item);
        _logger.BatchBroke(e, Plural.Of(rest.Length, _executor.Words.Item), _executor.Words.Result);
    }

    private void Abandon(in QueuedItem item)
    {
        item.Request.Abandon(InferenceOutcome.Failed, _time.GetTimestamp());
        _ended++;
    }
}
