using System.Diagnostics;
using ServeBench.Hosts;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>
/// Asks a server that runs already for its first correct answer. It is somebody's: a refusal is final and not asked again, and what may
/// come to be answered, because the server starts only when it is asked, is asked once a second.
/// </summary>
internal sealed class EndpointWait(StackClient client, IDeployment deployment)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="question">What is asked.</param>
    /// <param name="fault">What is wrong with an answer; null when it is right.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<StartOutcome> UntilAnsweredAsync(
        WorkRequest question, Func<ServedAnswer, string?> fault, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            var left = deployment.StartLimit - Stopwatch.GetElapsedTime(deployment.LaunchedAt);
            var asked = Stopwatch.GetTimestamp();
            var (answer, problem) = await client.AskAsync(question, left > Pause ? left : Pause, cancellationToken);
            if (answer is not null)
            {
                var took = Stopwatch.GetElapsedTime(asked).TotalSeconds;
                return fault(answer) is { } wrong
                    ? StartOutcome.Of($"its answer is not that of the model that --model names: {wrong}") with { HasAnswered = true }
                    : new StartOutcome(took, took, took, null, null);
            }
            if (client.HasRefused) return StartOutcome.Of($"{deployment.Command}: it was asked once, and {problem}");
            if (Stopwatch.GetElapsedTime(deployment.LaunchedAt) + Pause >= deployment.StartLimit)
                return StartOutcome.Of(
                    $"{deployment.Command}: no good answer within {deployment.StartLimit.TotalSeconds:0.#} s; asked last, {problem}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
