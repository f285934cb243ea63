using System.Diagnostics;
using System.Net;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Runs.Loading;

/// <summary>
/// Waits until a server has worked off what the load before has left behind. A server that goes on computing what nobody waits for any
/// more would be measured behind it, and every rate that follows one too high for it would seem too high, too (decision 0137).
/// </summary>
internal static class Recovery
{
    /// <summary>A server that has not recovered by then is measured as it is, and the trial says so.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How many times as long as the first request of the deployment one may take: texts and images are not all of one size.
    /// </summary>
    private const int TimesAlone = 2;

    /// <param name="one">The case that is to be measured.</param>
    /// <param name="stack">Its deployment.</param>
    /// <param name="unmeasured">The stretch of what is not measured, from which the questions are drawn.</param>
    /// <returns>Null where nothing has loaded the deployment before, or it cannot be asked.</returns>
    public static async Task<RecoveryRecord?> WaitAsync(
        Case one, DeployedStack stack, PayloadStretch unmeasured, CancellationToken cancellationToken)
    {
        var wire = WireFormat.Of(one.Protocol);
        if (wire.Undrivable is not null) return null;
        var target = stack.Deployment.Endpoints.For(one.Protocol);
        if (stack.Alone is not { } alone)
        {
            stack.Alone = await NextAsync(Limit) ?? Limit;
            return null;
        }
        var within = TimesAlone * alone is var twice && one.Workload.Objectives.LatencyP95 is { } p95 && p95 > twice ? p95 : twice;
        var began = Stopwatch.GetTimestamp();
        using var again = new PeriodicTimer(AskAgain);
        while (Limit - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            var took = await NextAsync(left);
            if (took <= within) return new RecoveryRecord(Stopwatch.GetElapsedTime(began).TotalSeconds, Recovered: true);
            // Only one that is dead is not going to recover.
            if (took is null && await stack.Deployment.EndedBecauseAsync() is not null) break;
            if (took is null) await again.WaitForNextTickAsync(cancellationToken);
        }
        return new RecoveryRecord(Stopwatch.GetElapsedTime(began).TotalSeconds, Recovered: false);

        Task<TimeSpan?> NextAsync(TimeSpan limit) =>
            AskAsync(wire, target, Next(one, stack, unmeasured), one.Contender.Stack.OutcomeRules, limit, cancellationToken);
    }

    private static RenderedRequest Next(Case one, DeployedStack stack, PayloadStretch unmeasured)
    {
        var sent = stack.Sent(one);
        var next = unmeasured with { At = sent.WarmUp };
        sent.AddWarmUp(next, 1);
        return stack.Rendered(one).Requests[next.First + (next.At % next.Count)];
    }

    /// <returns>How long a good answer took; null when there was none.</returns>
    private static async Task<TimeSpan?> AskAsync(
        WireFormat wire,
        IPEndPoint target,
        RenderedRequest request,
        IReadOnlyList<OutcomeRule> rules,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        try
        {
            var sent = Stopwatch.GetTimestamp();
            var answer = await wire.AskAsync(target, request, 0, limit, rules, cancellationToken);
            var took = Stopwatch.GetElapsedTime(sent);
            return wire.TryDecode(answer, out _, out _) ? took : null;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return null;
        }
    }
}
