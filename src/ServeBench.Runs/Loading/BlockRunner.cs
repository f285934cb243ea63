using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Ceilings;
using ServeBench.Runs.Deploying;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Runs.Loading;

/// <summary>
/// Walks through a plan block by block: reuses what is stored, measures what is not, and writes every result the moment it is
/// there, so that nothing finished is ever lost.
/// </summary>
internal sealed class BlockRunner(
    Catalogue catalogue,
    KnownWork work,
    Deployer deployer,
    CaseRunner runner,
    CeilingMeter ceilings,
    ResultStore store,
    RunWriter writer,
    Func<Case, WorkloadPayloads> payloadsOf,
    CheckerPool checkers,
    StoredResults stored,
    IRunObserver observer,
    TimeProvider time)
{
    private readonly Dictionary<(string Workload, string Model), CeilingRecord> _first = [];
    private readonly List<TrialRecord> _reused = [];
    private double _most = double.PositiveInfinity;
    private int _measured;
    private int _failed;

    /// <summary>How long ago what was reused so far was measured; null when nothing was.</summary>
    public ReusedResults? Reused => ReusedResults.Of(_reused, time.GetUtcNow());

    /// <param name="plan">What to do.</param>
    /// <param name="cancellationToken">Ends the run between two requests; what has finished stays.</param>
    public async Task<LoadSummary> RunAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        var clock = new RunClock(plan, observer);
        _most = plan.Contenders.Min(c => deployer.Endpoint(c.Stack)?.MostPerSecond) ?? double.PositiveInfinity;
        foreach (var block in plan.Blocks)
        {
            // Trials are related to the raw runtime as it was when they were measured: what this run measures gets ceilings of this run.
            var isOurs = block.Steps
                .OfType<PlannedDeployment>()
                .SelectMany(d => d.Cases)
                .Any(c => Stored(c) is not { } known || known.MeasuredByRun == writer.Folder.Id);
            foreach (var step in block.Steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step is PlannedCeilings planned)
                {
                    foreach (var ceiling in planned.Ceilings)
                        MeasureCeiling(plan, planned.Trial, ceiling, isOurs ? writer.Folder.Id : null, clock, cancellationToken);
                }
                else if (step is PlannedDeployment deployment)
                {
                    await MeasureAsync(plan, deployment, clock, cancellationToken);
                }
            }
        }
        clock.Done();
        return new LoadSummary(_measured, _reused.Count, _failed);
    }

    private void MeasureCeiling(
        RunPlan plan,
        int trial,
        PlannedCeiling ceiling,
        string? onlyOf,
        RunClock clock,
        CancellationToken cancellationToken)
    {
        var record = stored.Ceiling(ceiling.Fingerprint, onlyOf);
        if (record is null)
        {
            clock.Now($"raw runtime on {ceiling.Workload.Name}, trial {trial} of {plan.Trials}");
            record = ceilings.Measure(
                ceiling.Workload,
                ceiling.Model,
                [ceiling.BatchSize],
                plan.Profile,
                trial,
                ceiling.Fingerprint,
                writer.Folder.Id,
                cancellationToken) with { Conditions = stored.Now };
            store.Keep(record);
        }
        writer.Add(record);
        if (trial == 1) _first[(record.Workload, record.Model)] = record;
        clock.Finished(ceiling);
    }

    private async Task MeasureAsync(
        RunPlan plan, PlannedDeployment planned, RunClock clock, CancellationToken cancellationToken)
    {
        var pending = new Queue<Case>(planned.Cases.Where(c => !Reuse(plan, c, clock)));
        // What started under conditions that no longer hold says nothing of the starts that replace it.
        writer.RemoveDeployments(d => d.Fingerprint == planned.Fingerprint && !stored.StillHolds(d.Conditions));
        // A server that dies spoils the case it dies in; the others get a new deployment. One that an interrupted start made
        // keeps its name, its record and its log.
        var isFirst = true;
        for (var attempt = 1; pending.Count > 0; attempt++)
        {
            var id = $"{writer.Folder.Id}.{planned.Contender.FileName}_.{FileNames.Of(planned.Model.Model)}_.{planned.Trial}"
                + (attempt > 1 ? $".{attempt}" : "");
            if (store.Deployment(id) is not null || File.Exists(Path.Combine(writer.Folder.Deployments, $"{id}.log"))) continue;
            clock.Now($"starting {planned.Contender.Label}, trial {planned.Trial} of {plan.Trials}");
            var order = new DeployOrder(
                id,
                planned.Fingerprint,
                planned.Contender,
                work.Of(planned.Cases[0].Workload),
                planned.Model,
                [.. pending.Select(c => c.Protocol).DistinctBy(p => p.Name)],
                planned.Trial,
                writer.Folder.Id,
                Path.Combine(writer.Folder.Deployments, $"{id}.log"));
            writer.RemoveFailedDeployments(planned.Fingerprint);
            var further = !isFirst || planned.Contender is { IsTwin: true } or { Stack.IsEndpoint: true }
                ? 0
                : ColdStartParts.FurtherIn(plan.Profile.ColdStarts, plan.Trials, planned.Trial);
            var (starts, failures) = await deployer.ColdStartsAsync(order, further, cancellationToken);
            var (ready, record) = await deployer.DeployAsync(order, cancellationToken);
            isFirst = false;
            foreach (var failure in failures)
                observer.Warn($"{planned.Contender.Label}, trial {planned.Trial}, a further cold start: {failure}");
            record = record with
            {
                Conditions = stored.Now,
                FurtherColdStarts = starts.Count > 0 ? starts : null,
                FailedColdStarts = failures.Count > 0 ? failures : null
            };
            store.Keep(record);
            writer.Add(record);
            if (ready is not null)
            {
                await using var deployed = ready;
                var before = pending.Count;
                var stack = new DeployedStack(ready.Deployment, id, writer.Folder.Id, planned.Cases, payloadsOf);
                foreach (var known in planned.Cases.Where(c => c.Shape is RateSearch && !c.IsDriverCheck && !pending.Contains(c)))
                {
                    // It was searched on an earlier deployment, which an interruption or the server's death ended.
                    if (store.Trial(known.Fingerprint)?.Load.Search is { } search)
                        stack.Found(known.Workload.Name, search.Probes[search.Shown]);
                }
                await MeasureAsync(plan, pending, stack, clock, cancellationToken);
                var ended = await ready.Deployment.EndedBecauseAsync();
                record = record with { Stop = await ready.StopAsync() };
                // It did not live to see a single case, and nothing says that another would: trying again would have no end.
                if (pending.Count == before) record = record with { Failure = $"it ended right after its reference answers: {ended}" };
                store.Keep(record);
                writer.Add(record);
                if (pending.Count < before) continue;
            }
            observer.Warn($"{planned.Contender.Label}, trial {planned.Trial}: {record.Failure}");
            _failed += pending.Count;
            while (pending.TryDequeue(out var skipped)) clock.Finished(skipped);
        }
    }

    private async Task MeasureAsync(
        RunPlan plan, Queue<Case> pending, DeployedStack stack, RunClock clock, CancellationToken cancellationToken)
    {
        var rates = new CommonRates(_first.Values, _most);
        while (pending.TryPeek(out var one) && await stack.Deployment.EndedBecauseAsync() is null)
        {
            clock.Now(
                $"{one.Contender.Label}, {one.Workload.Name}, {one.Shape.Title}, "
                    + $"trial {one.Trial} of {plan.Trials}{(one.IsDriverCheck ? ", by the second driver" : "")}");
            var (record, samples) = await runner.RunAsync(
                one, stack, rates, Checker(one), catalogue
                    .Model(one.Model.Model)
                    .ParityOf(one.Model.Precision), clock.Heard, cancellationToken);
            store.Keep(record, samples);
            writer.Add(one, record);
            if (record.Disturbance is { } disturbance) observer.Warn($"{one}: {disturbance}");
            _measured++;
            pending.Dequeue();
            clock.Finished(one);
        }
    }

    /// <summary>Answers of an endpoint whose model was not named are read, and not compared.</summary>
    private AnswerChecker Checker(Case one) => deployer.Endpoint(one.Contender.Stack) is { AnswersCompared: false }
        ? checkers.Reading(one.Workload)
        : checkers.Of(one.Workload, one.Model.Model);

    /// <summary>At another rate than the one that all get now a stored result is that of another level.</summary>
    private TrialRecord? Stored(Case one)
    {
        if (stored.Trial(one) is not { } known) return null;
        if (one.Shape is not ShareOfCeiling share || !_first.ContainsKey((one.Workload.Name, one.Model.Model))) return known;
        return new CommonRates(_first.Values, _most).Of(one, share.Share).Equals(known.Load.RatePerSecond) ? known : null;
    }

    private bool Reuse(RunPlan plan, Case one, RunClock clock)
    {
        if (Stored(one) is not { } known) return false;
        writer.Add(one, known);
        if (known.MeasuredByRun != writer.Folder.Id)
        {
            var ceiling = plan.Blocks.SelectMany(b => b.Steps).OfType<PlannedCeilings>().SingleOrDefault(c => c.Trial == one.Trial)?
                .Ceilings.Single(c => c.Workload.Name == one.Workload.Name && c.Model.Model == one.Model.Model);
            if (ceiling is not null && store.Ceiling(ceiling.Fingerprint, known.MeasuredByRun) is { } beside)
                writer.AddOfAnotherRun(beside);
        }
        _reused.Add(known);
        clock.Finished(one);
        return true;
    }
}

/// <param name="Measured">Cases measured now.</param>
/// <param name="Reused">Cases whose stored result was taken.</param>
/// <param name="Failed">Cases whose deployment could not be used.</param>
public sealed record LoadSummary(int Measured, int Reused, int Failed);
