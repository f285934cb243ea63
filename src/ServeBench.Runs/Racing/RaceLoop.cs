using ServeBench.Domain.Plans;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Results;

namespace ServeBench.Runs.Racing;

/// <summary>What the stopping rule says of the trials so far.</summary>
/// <param name="Decided">Every comparison is decided.</param>
/// <param name="Exhausted">Further trials may not decide anything: the looks among which the risk is shared are used up.</param>
/// <param name="InContention">Stacks on which further blocks are to be spent.</param>
public sealed record RaceView(bool Decided, bool Exhausted, IReadOnlyList<string> InContention);

/// <summary>
/// Adds blocks, of the stacks still in contention, until the stopping rule or the budget ends it (<c>--until=decided</c>).
/// </summary>
/// <param name="look">The stopping rule.</param>
/// <param name="budget">How long the run may take; null for as long as the rule allows.</param>
internal sealed class RaceLoop(Func<IReadOnlyList<CaseResult>, RaceView> look, TimeSpan? budget, TimeProvider time, IRunObserver observer)
{
    /// <param name="plan">The blocks that are measured whatever they show.</param>
    /// <param name="block">Plans a further block of some contenders.</param>
    /// <param name="measure">Measures the last block of a plan.</param>
    /// <param name="evaluate">All cases so far.</param>
    /// <param name="started">When the run began, as a timestamp of the clock.</param>
    /// <returns>The plan with all blocks that were added.</returns>
    public async Task<RunPlan> RunAsync(
        RunPlan plan,
        Func<int, IReadOnlyList<Contender>, PlannedBlock> block,
        Func<RunPlan, Task> measure,
        Func<IReadOnlyList<CaseResult>> evaluate,
        long started)
    {
        while (true)
        {
            var view = look(evaluate());
            if (view.Decided || view.Exhausted)
            {
                observer.Say(
                    view.Decided
                        ? $"Decided after {Plural.Of(plan.Trials, "trial")}"
                        : $"Not decided after {Plural.Of(plan.Trials, "trial")}, "
                            + "and further ones would not decide it without raising the risk of a false winner");
                return plan;
            }
            // A block takes about as long as those before it took on average.
            var elapsed = time.GetElapsedTime(started);
            if (budget is { } most && elapsed + (elapsed / plan.Trials) > most)
            {
                observer.Say(
                    $"Not decided after {Plural.Of(plan.Trials, "trial")}, "
                        + $"and the budget of {most.TotalMinutes:0.#} minutes leaves no time for another: "
                        + $"undecided are {string.Join(", ", view.InContention)}");
                return plan;
            }
            Contender[] contenders =
                [.. plan.Contenders.Where(c => view.InContention.Contains(Domain.Stacks.Track.Label(c.Stack.Name, c.Track.Name)))];
            observer.Say($"Trial {plan.Trials + 1}: {string.Join(", ", contenders.Select(c => c.Label))}");
            plan = plan with { Trials = plan.Trials + 1, Blocks = [.. plan.Blocks, block(plan.Trials + 1, contenders)] };
            await measure(plan);
        }
    }
}
