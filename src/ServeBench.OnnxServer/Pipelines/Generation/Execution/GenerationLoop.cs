using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Logs;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>
/// Continues sequences, one thread for a model: every step gives each of them a token, sequences join and leave between steps, in the
/// order in which they came. A prompt is read in parts, of which there is at most one between two steps, so that a long one stalls
/// nobody.
/// </summary>
internal sealed class GenerationLoop : IDisposable
{
    private readonly ISlotModel _model;
    private readonly SlotTable _table;
    private readonly WorkQueue _queue;
    private readonly int _part;
    private readonly GenerationCost _cost;
    private readonly ServicePace _pace;
    private readonly ModelMetrics _metrics;
    private readonly GenerationMetrics _counts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly QueuedItem[] _taken = new QueuedItem[1];
    private readonly int[] _tokens;
    private readonly int[] _past;
    private readonly float[] _room;
    private bool _hasReadPart;
    private volatile bool _isEnding;

    /// <param name="name">The model's name, for the thread's.</param>
    /// <param name="model">What it executes.</param>
    /// <param name="queue">Where sequences wait; taken from one at a time.</param>
    /// <param name="part">The most tokens of a prompt that are read between two steps.</param>
    /// <param name="cost">What waiting sequences are reckoned to cost.</param>
    /// <param name="pace">Is told how long a unit of that takes.</param>
    /// <param name="metrics">Counts executions.</param>
    /// <param name="counts">Counts tokens.</param>
    /// <param name="time">The clock, the one that requests are stamped with.</param>
    /// <param name="logger">Is given failures.</param>
    public GenerationLoop(
        string name,
        ISlotModel model,
        WorkQueue queue,
        int part,
        GenerationCost cost,
        ServicePace pace,
        ModelMetrics metrics,
        GenerationMetrics counts,
        TimeProvider time,
        ILogger logger)
    {
        (_model, _queue, _part, _cost, _pace) = (model, queue, part, cost, pace);
        (_metrics, _counts, _time, _logger) = (metrics, counts, time, logger);
        _table = new SlotTable(model);
        _tokens = new int[model.Slots];
        _past = new int[model.Slots];
        _room = new float[model.Logits(0).Length];
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Gives up what waits and what is being generated, and ends the thread.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _queue.Close();
        _thread.Join();
    }

    private void Work()
    {
        while (Admit())
        {
            try
            {
                LetGo();
                // A part, then a step, where there are both.
                if (_table.Entering is { } entering && (_table.Count == 0 || !_hasReadPart)) Read(entering);
                else if (_table.Count > 0) Step();
            }
            catch (Exception e)
            {
                FailAll(e);
            }
            _counts.Hold(_table.Held, _table.Tokens());
        }
        GiveUpAll();
    }

    /// <summary>Gives the sequence that came first a slot, where one is free; waits for one where there is nothing else to do.</summary>
    /// <returns>False at the end.</returns>
    private bool Admit()
    {
        var taken = _table.Held == 0 ? _queue.Take(_taken, expected: 0) : _queue.TryTake(_taken.AsSpan(0, _table.HasRoom ? 1 : 0));
        if (taken == 0) return !_isEnding;
        var item = _taken[0];
        _taken[0] = default;
        var request = (GenerationRequest)item.Request;
        request.Start(_time.GetTimestamp(), _table.Held + 1);
        _table.Enter(request, request[item.Index]);
        return !_isEnding;
    }

    /// <summary>Frees the slots of sequences whose clients have left.</summary>
    private void LetGo()
    {
        if (_table.Entering is { Request.IsWithdrawn: true } entering) GiveUp(entering, -1);
        for (var slot = _table.Count - 1; slot >= 0; slot--)
        {
            if (_table[slot].Request.IsWithdrawn) GiveUp(_table[slot], slot);
        }
    }

    private void Read(RunningSequence entering)
    {
        _hasReadPart = true;
        var rest = entering.Sequence.Prompt[entering.Past..];
        var tokens = rest[..Math.Min(_part, rest.Length)];
        var isLast = tokens.Length == rest.Length;
        var began = _time.GetTimestamp();
        try
        {
            _model.Part(_table.EnteringSlot, tokens, entering.Past, isLast);
        }
        catch (RunFailedException e)
        {
            Fail(entering, -1, e);
            return;
        }
        var ended = _time.GetTimestamp();
        entering.Past += tokens.Length;
        _pace.Observe(_cost.Of(tokens.Length, 0), _time.GetElapsedTime(began, ended).TotalSeconds);
        _counts.PartRead(tokens.Length);
        if (isLast) Deliver(_table.Join(), 0, ended);
    }

    private void Step()
    {
        _hasReadPart = false;
        var count = _table.Count;
        for (var slot = 0; slot < count; slot++)
        {
            _tokens[slot] = _table[slot].Sequence.Last;
            _past[slot] = _table[slot].Past;
        }
        var began = _time.GetTimestamp();
        try
        {
            _model.Step(_tokens.AsSpan(0, count), _past.AsSpan(0, count));
        }
        catch (RunFailedException)
        {
            // One sequence may have made the runtime fail; its neighbours are not to suffer for it.
            for (var slot = count - 1; slot >= 0; slot--) StepAlone(slot);
            return;
        }
        var ended = _time.GetTimestamp();
        var seconds = _time.GetElapsedTime(began, ended).TotalSeconds;
        _pace.Observe(count, seconds);
        _counts.Stepped(count, seconds);
        _metrics.Executed(count, count, count, seconds);
        _metrics.Statistics.Executed(count, began, began, ended, _time);
        // From the last on: where one ends, the last takes its slot, and has had its token.
        for (var slot = count - 1; slot >= 0; slot--)
        {
            _table[slot].Past++;
            Deliver(slot, slot, ended);
        }
        _metrics.Statistics.Delivered(count, ended, _time);
    }

    private void StepAlone(int slot)
    {
        var running = _table[slot];
        try
        {
            _model.Part(slot, [running.Sequence.Last], running.Past, asks: true);
        }
        catch (RunFailedException e)
        {
            Fail(running, slot, e);
            return;
        }
        running.Past++;
        Deliver(slot, 0, _time.GetTimestamp());
    }

    /// <summary>Gives a sequence its next token.</summary>
    private void Deliver(int slot, int row, long at)
    {
        var running = _table[slot];
        if (!running.Sequence.TryAdd(_model.Logits(row), _room))
        {
            Fail(running, slot, new RunFailedException("The model gave scores of tokens that are no finite numbers"));
            return;
        }
        _counts.TokenGenerated();
        if (running.LastAt == 0) _counts.FirstToken.Observe(_time.GetElapsedTime(running.Request.ReceivedAt, at).TotalSeconds);
        else _counts.BetweenTokens.Observe(_time.GetElapsedTime(running.LastAt, at).TotalSeconds);
        running.LastAt = at;
        var request = running.Request;
        if (running.Sequence.Finish == FinishReason.None)
        {
            request.News.Set();
            return;
        }
        _table.Leave(slot);
        request.Finish(at);
    }

    private void Fail(RunningSequence running, int slot, RunFailedException e)
    {
        _logger.NoResult(e, "sequence", running.Past, "tokens", "next token");
        Abandon(running, slot, InferenceOutcome.Failed);
    }

    private void GiveUp(RunningSequence running, int slot)
    {
        _counts.GaveUp();
        Abandon(running, slot, InferenceOutcome.Cancelled);
    }

    /// <param name="slot">Its slot; -1 for the one whose prompt is being read.</param>
    private void Abandon(RunningSequence running, int slot, InferenceOutcome because)
    {
        var request = running.Request;
        if (slot < 0) _table.LeaveEntering();
        else _table.Leave(slot);
        request.Abandon(because, _time.GetTimestamp());
    }

    /// <summary>
    /// Ends every sequence when something went wrong that the runtime does not report: too little memory, or a mistake of this program.
    /// The process lives on for later requests, and the log says what it was.
    /// </summary>
    private void FailAll(Exception e)
    {
        _logger.BatchBroke(e, $"{_table.Held} sequences", "next token");
        EndAll(InferenceOutcome.Failed);
    }

    private void GiveUpAll()
    {
        EndAll(InferenceOutcome.Cancelled);
        while (_queue.TryTake(_taken) > 0) _taken[0].Request.Abandon(InferenceOutcome.Cancelled, _time.GetTimestamp());
        _counts.Hold(0, 0);
    }

    private void EndAll(InferenceOutcome because)
    {
        if (_table.Entering is { } entering) Abandon(entering, -1, because);
        while (_table.Count > 0) Abandon(_table[_table.Count - 1], _table.Count - 1, because);
    }
}
