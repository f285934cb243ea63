using ServeBench.Domain.Samples;
using ServeBench.Load;
using ServeBench.Work;

namespace ServeBench.Runs.Payloads;

/// <summary>Remembers what one deployment was sent of one workload, by what was in it, and counts what was sent again.</summary>
internal sealed class SentPayloads(IReadOnlyList<WorkRequest> requests)
{
    private readonly HashSet<string> _sent = [];

    /// <summary>How many requests drew from the warm-up's stretch so far: the next one goes on from there.</summary>
    public int WarmUp { get; private set; }

    public void AddWarmUp(PayloadStretch stretch, int count)
    {
        for (var i = 0; i < Math.Min(count, stretch.Count); i++) _sent.Add(Body(stretch.First + ((stretch.At + i) % stretch.Count)));
        WarmUp += count;
    }

    /// <summary>All that a case was sent.</summary>
    /// <param name="warmUp">The stretch of what is not measured.</param>
    /// <param name="outside">Requests outside the window.</param>
    /// <param name="result">What the driver reports.</param>
    /// <returns>How many of the window's bodies the deployment had been sent before.</returns>
    public int Add(PayloadStretch warmUp, int outside, LoadResult result)
    {
        if (result.Outside is not { } beside)
        {
            AddWarmUp(warmUp, outside);
            return AddWindow(result.Samples);
        }
        foreach (var payload in beside.Before) _sent.Add(Body(payload));
        var repeated = AddWindow(result.Samples);
        foreach (var payload in beside.After) _sent.Add(Body(payload));
        WarmUp += outside;
        return repeated;
    }

    /// <returns>How many of the window's bodies the deployment had been sent before.</returns>
    public int AddWindow(SampleTable samples)
    {
        var repeated = 0;
        foreach (ref readonly var row in samples.Rows)
        {
            if (row.Outcome != Outcome.Dropped && !_sent.Add(Body(row.Payload))) repeated++;
        }
        return repeated;
    }

    private string Body(int payload) => requests[payload].Identity;
}
