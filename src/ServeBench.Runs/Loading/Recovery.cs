using System.Diagnostics;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Load.Wire;
using ServeBench.Runs.Payloads;

namespace ServeBench.Runs.Loading;

/// <summary>
/// Waits until a server has worked off what the load before has left behind. A server that goes on computing what nobody waits for any
/// more would be measured behind it, and every rate that follows one too high for it would seem too high, too (decision 0137).
/// </summary>
internal static class Recovery
{
    /// <summary>A server that has not recovered by then is measured as it is, and the trial says so.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>How long after a question that did not show recovery the next is asked; twice as long after each.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How many times as long as on the fresh deployment a request may take: the requests of a workload are not all of one size.
    /// </summary>
    private const int TimesAlone = 2;

    /// <summary>What is answered within it has no load worth the name before it; twice a millisecond is what a busy machine adds.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMilliseconds(100);

    /// <param name="one">The case that is to be measured.</param>
    /// <param name="stack">Its deployment.</param>
    /// <param name="unmeasured">The stretch of what is not measured, from which the questions are drawn.</param>
    /// <returns>Null on a fresh deployment.</returns>
    public static async Task<RecoveryRecord?> WaitAsync(
        Case one, DeployedStack stack, PayloadStretch unmeasured, CancellationToken cancellationToken)
    {
        if (stack.Alone is not { } alone)
        {
            // Of every workload, before any load: a batch takes longer than a single item, also at rest. The first answer of a kind may
            // take longer than any other, so the shorter of two counts; where there was none, the objective alone says what is in time.
            stack.Alone = alone = [];
            foreach (var first in stack.Cases.DistinctBy(c => (c.Workload.Name, c.Protocol.Name)))
            {
                var stretch = PayloadPlan.Of(first, stack.Cases, stack.Payloads(first), 0).WarmUp;
                var shortest = TimeSpan.MaxValue;
                for (var i = 0; i < 2; i++)
                {
                    if (await AskAsync(first, stack, stretch, Limit, cancellationToken) is { } took && took < shortest) shortest = took;
                }
                alone[(first.Workload.Name, first.Protocol.Name)] = shortest == TimeSpan.MaxValue ? TimeSpan.Zero : shortest;
            }
            return null;
        }
        var atRest = alone[(one.Workload.Name, one.Protocol.Name)];
        var within = new[] { one.Workload.Objectives.LatencyP95 ?? Leeway, TimesAlone * atRest, Leeway }.Max();
        var began = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause *= 2)
        {
            var waited = Stopwatch.GetElapsedTime(began);
            if (waited >= Limit) return new RecoveryRecord(waited.TotalSeconds, Recovered: false);
            if (await AskAsync(one, stack, unmeasured, Limit - waited, cancellationToken) <= within)
                return new RecoveryRecord(waited.TotalSeconds, Recovered: true);
            if (await stack.Deployment.EndedBecauseAsync() is not null) // What is dead will not recover.
                return new RecoveryRecord(Stopwatch.GetElapsedTime(began).TotalSeconds, Recovered: false);
            var left = Limit - Stopwatch.GetElapsedTime(began);
            if (left > TimeSpan.Zero) await Task.Delay(pause < left ? pause : left, cancellationToken);
        }
    }

    /// <returns>How long a good answer took; null when there was none.</returns>
    private static async Task<TimeSpan?> AskAsync(
        Case one, DeployedStack stack, PayloadStretch unmeasured, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wire = WireFormat.Of(one.Protocol);
        // What comes after its deadline is no answer under load, either.
        if (limit > one.Workload.Objectives.Deadline) limit = one.Workload.Objectives.Deadline;
        var sent = stack.Sent(one);
        var next = unmeasured with { At = sent.WarmUp };
        sent.AddWarmUp(next, 1);
        var request = stack.Rendered(one).Requests[next.First + (next.At % next.Count)];
        try
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await wire.AskAsync(
                stack.Deployment.For(one.Protocol), request, 0, limit, one.Contender.Stack.OutcomeRules, cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            return wire.TryDecode(answer, out _, out _) ? took : null;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return null;
        }
    }
}
