using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>Sends one bad item among good ones, and sees whether the good ones are answered.</summary>
/// <param name="work">The kind of work, which knows what a bad item is.</param>
/// <param name="limits">How near answers have to be to the references.</param>
/// <param name="client">Asks the deployment.</param>
/// <param name="limit">How long one answer may take.</param>
internal sealed class IsolationCheck(WorkKind work, ParityLimits limits, StackClient client, TimeSpan limit)
{
    /// <summary>A server that restarts what a bad item has broken is given a moment.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>What is asked together may be answered one after the other: that is slow, and no failure of a batch.</summary>
    private TimeSpan AllLimit => limit * (IsolationRecord.Neighbours + 1);

    /// <returns>Null where the kind of work knows no bad item.</returns>
    public async Task<IsolationRecord?> RunAsync(ModelArtifact model, CancellationToken cancellationToken)
    {
        var bad = work.BadItems(model);
        if (bad.Count == 0) return null;
        var references = work.References(model);
        var accepted = new List<string>();
        foreach (var item in bad)
        {
            if ((await client.AskAsync(item.Alone, limit, cancellationToken)).Answer is not null)
            {
                accepted.Add(item.Shown);
                continue;
            }
            return new IsolationRecord
            {
                BadItem = item.Shown,
                Accepted = accepted,
                Together = await TogetherAsync(item, references, cancellationToken),
                InOneRequest = await InOneRequestAsync(item, references, cancellationToken),
                StillAnswers = await StillAnswersAsync(references[0], cancellationToken),
            };
        }
        return new IsolationRecord { Accepted = accepted, StillAnswers = await StillAnswersAsync(references[0], cancellationToken) };
    }

    private async Task<NeighbourCount> TogetherAsync(
        BadItem bad, IReadOnlyList<Reference> references, CancellationToken cancellationToken)
    {
        var answered = 0;
        for (var round = 0; round < IsolationRecord.Rounds; round++)
        {
            var good = Enumerable.Range(0, IsolationRecord.Neighbours).Select(i => references[i % references.Count]).ToArray();
            // Started in this order, and not awaited before all are on their way.
            var before = good[..(IsolationRecord.Neighbours / 2)].Select(r => IsRightAsync(r, AllLimit, cancellationToken)).ToArray();
            var between = client.AskAsync(bad.Alone, AllLimit, cancellationToken);
            var after = good[(IsolationRecord.Neighbours / 2)..].Select(r => IsRightAsync(r, AllLimit, cancellationToken)).ToArray();
            answered += (await Task.WhenAll([.. before, .. after])).Count(right => right);
            await between;
        }
        return new NeighbourCount(IsolationRecord.Rounds * IsolationRecord.Neighbours, answered);
    }

    private async Task<NeighbourCount?> InOneRequestAsync(
        BadItem bad, IReadOnlyList<Reference> references, CancellationToken cancellationToken)
    {
        ServedAnswer? answer;
        try
        {
            (answer, _) = await client.AskAsync(bad.Among, limit, cancellationToken);
        }
        catch (FaultException)
        {
            return null; // the protocol has no place for several items
        }
        int[] places = [0, bad.Among.Items - 1];
        return new NeighbourCount(
            places.Length, answer is null ? 0 : places.Where((item, i) => Agrees(references[i], answer, item)).Count());
    }

    private async Task<bool> StillAnswersAsync(Reference reference, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(AskAgain);
        while (limit - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            if (await IsRightAsync(reference, left, cancellationToken)) return true;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        return false;
    }

    private async Task<bool> IsRightAsync(Reference reference, TimeSpan within, CancellationToken cancellationToken) =>
        (await client.AskAsync(reference.Request, within, cancellationToken)).Answer is { } answer && Agrees(reference, answer, 0);

    private bool Agrees(Reference reference, ServedAnswer answer, int item) =>
        item < answer.Items && ParityCheck.Agrees(work, limits, work.Compare(reference.Expected, answer, item));
}
