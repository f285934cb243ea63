using System.Diagnostics;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts;
using ServeBench.Processes.Servers;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>Waits until a server that has been launched is ready, as its stack says, and has answered a real request rightly.</summary>
/// <param name="deployment">The server.</param>
/// <param name="condition">What must hold before it is asked.</param>
/// <param name="logFile">Where its host writes down what it prints.</param>
internal sealed class StartWait(IDeployment deployment, ReadyCondition condition, string logFile)
{
    /// <summary>How often it is looked whether the server has ended or failed while it owes an answer.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long the first request may take. One that a server has lost, as workers that are started again do, is asked again, and is
    /// given twice as long each time: a first answer can take minutes.
    /// </summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(20);

    private readonly FatalLines _fatal = new(deployment, condition.Fatal);

    private TimeSpan Left => deployment.StartLimit - Stopwatch.GetElapsedTime(deployment.LaunchedAt);

    /// <summary>
    /// Asks until an answer is right: servers were seen that answer wrongly while they load. One that never answers rightly has answered
    /// all the same, and how far off it was is what is wrong with it.
    /// </summary>
    /// <param name="ask">Sends the first real request; gives the answer, or null with what went wrong.</param>
    /// <param name="fault">What is wrong with an answer; null when it is right.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<StartOutcome> UntilReadyAsync(
        Func<TimeSpan, CancellationToken, Task<(ServedAnswer? Answer, string Problem)>> ask,
        Func<ServedAnswer, string?> fault,
        CancellationToken cancellationToken)
    {
        var problem = "it was never asked";
        string? wrong = null;
        double? health = null;
        double? answered = null;
        var patience = FirstPatience;
        using var probes = new ReadyProbes(condition.Probes, deployment.Endpoints);
        using var timer = new PeriodicTimer(condition.Interval);
        while (true)
        {
            if (await FailureAsync() is { } failed) return StartOutcome.Of(failed);
            var left = Left;
            if (left <= TimeSpan.Zero)
                return wrong is null
                    ? StartOutcome.Of($"it was not ready within {Limit}; asked last, {problem}{LastWords()}")
                    : StartOutcome.Of($"no answer was right within {Limit}; the first came after {answered:0.0} s, the last: {wrong}") with
                    {
                        HasAnswered = true,
                    };
            var listener = deployment.Listener();
            if (listener.Intruder is { } intruder) return StartOutcome.Of($"something else answers in its place: {intruder}");
            if (listener.State == ListenerState.Nobody)
            {
                problem = "nothing listened on its port";
                await timer.WaitForNextTickAsync(cancellationToken);
                continue;
            }
            var (notYet, failure) = await WatchedAsync(stop => probes.AskAsync(left, stop), cancellationToken);
            if (failure is not null) return StartOutcome.Of(failure);
            if (notYet is null)
            {
                if (probes.Any) health ??= Elapsed();
                var asked = Stopwatch.GetTimestamp();
                left = Left;
                var limit = patience < left ? patience : left;
                (var answer, failure) = await WatchedAsync(stop => ask(limit > TimeSpan.Zero ? limit : LookAgain, stop), cancellationToken);
                if (failure is not null) return StartOutcome.Of(failure);
                var took = Stopwatch.GetElapsedTime(asked);
                if (answer.Answer is { } given)
                {
                    var now = Elapsed();
                    answered ??= now;
                    if (fault(given) is not { } what) return new StartOutcome(now, took.TotalSeconds, answered, health, null);
                    wrong = what;
                }
                else
                {
                    if (took >= patience) patience *= 2;
                    problem = answer.Problem;
                }
            }
            else
            {
                problem = notYet;
            }
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private string Limit => $"{deployment.StartLimit.TotalSeconds:0.#} s (start-limit in its stack.yaml)";

    private double Elapsed() => Stopwatch.GetElapsedTime(deployment.LaunchedAt).TotalSeconds;

    /// <summary>Waits for something that the server owes, and no longer once it has ended or failed.</summary>
    private async Task<(T? Value, string? Failure)> WatchedAsync<T>(
        Func<CancellationToken, Task<T>> begin, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var task = begin(stop.Token);
        while (await Task.WhenAny(task, Task.Delay(LookAgain, cancellationToken)) != task)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await FailureAsync() is not { } failure) continue;
            await stop.CancelAsync();
            await task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return (default, failure);
        }
        return (await task, null);
    }

    /// <returns>Why it will not become ready any more; null as long as it may.</returns>
    private async Task<string?> FailureAsync()
    {
        if (await deployment.EndedBecauseAsync() is { } ended) return $"it did not start: {ended}";
        return await _fatal.FindAsync() is { } line ? $"it did not start: {line}{LastWords()}" : null;
    }

    /// <summary>What the server has printed so far, where its host writes that down as it comes.</summary>
    private string LastWords() =>
        ServerProcess.LogTail(logFile) is { Length: > 0 } tail ? $"; the end of its log ({logFile}):{Environment.NewLine}{tail}" : "";
}

/// <summary>How a start ended.</summary>
/// <param name="Seconds">From the launch to the first right answer.</param>
/// <param name="Answer">Of those, the seconds of the request that was answered rightly.</param>
/// <param name="Answered">From the launch to the first answer, right or wrong.</param>
/// <param name="Health">From the launch until every probe held for the first time; null where its stack has no probe.</param>
/// <param name="Failure">Why there is no right answer; null when there is one.</param>
internal sealed record StartOutcome(double Seconds, double Answer, double? Answered, double? Health, string? Failure)
{
    /// <summary>Of a failure, whether it did answer, but never rightly.</summary>
    public bool HasAnswered { get; init; }

    public static StartOutcome Of(string failure) => new(0, 0, null, null, failure);
}
