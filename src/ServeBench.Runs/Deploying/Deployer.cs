using System.Diagnostics;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;

namespace ServeBench.Runs.Deploying;

/// <summary>Starts a stack, waits for its first correct answer, and checks all its answers against the references.</summary>
public sealed class Deployer(Catalogue catalogue, IHost host, CorePlan cores, TimeProvider time)
{
    /// <summary>How often a starting server is asked whether it is ready.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(5);

    /// <summary>How long one reference may take.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <param name="request">What to deploy.</param>
    /// <param name="cancellationToken">Stops waiting; the deployment is removed.</param>
    /// <returns>The running deployment with its record; when it cannot be used, only the record, which says why.</returns>
    public async Task<(ReadyDeployment? Ready, DeploymentRecord Record)> DeployAsync(DeployOrder request, CancellationToken cancellationToken)
    {
        var protocol = request.Protocol;
        var started = time.GetUtcNow();
        DeploymentRecord Record(string command, double? coldStart, ParityRecord? parity, string? failure) => new()
        {
            Id = request.Id,
            Fingerprint = request.Fingerprint,
            Contender = request.Contender.Label,
            Stack = request.Contender.Stack.Name,
            IsTwin = request.Contender.IsTwin,
            Track = request.Contender.Track.Name,
            Model = request.Model.Model,
            Weights = request.Model.Weights,
            Precision = request.Contender.Stack.Precision,
            Host = host.Name,
            Trial = request.Trial,
            MeasuredByRun = request.RunId,
            StartedUtc = started,
            ColdStartSeconds = coldStart,
            Parity = parity,
            Command = command,
            Cpus = cores.Server,
            Failure = failure,
        };

        IDeployment deployment;
        try
        {
            deployment = await host.DeployAsync(
                new DeploymentRequest { Id = request.Id, Stack = request.Contender.Stack, Track = request.Contender.Track, Model = request.Model, LogFile = request.LogFile, Cpus = cores.Server },
                cancellationToken);
        }
        catch (RunFailedException e)
        {
            return (null, Record("", null, null, $"{e.Message}. {e.Remedy}"));
        }
        var keep = false;
        try
        {
            var client = new StackClient(deployment.Endpoint, protocol, request.Model.Model);
            var (coldStart, notReady) = await WaitUntilReadyAsync(deployment, client, request.Model.References[0], cancellationToken);
            if (notReady is not null) return (null, Record(deployment.Command, null, null, notReady));

            var limits = catalogue.Model(request.Model.Model).Parity;
            var parity = ParityCheck.Compare(limits, await client.EmbedAllAsync(request.Model.References, AnswerLimit, cancellationToken));
            // Launch to first *correct* answer: a stack that answers wrongly has no cold start.
            if (!parity.Passed) return (null, Record(deployment.Command, null, parity, $"PARITY FAILED: {parity.Detail}"));
            keep = true;
            return (new ReadyDeployment(deployment), Record(deployment.Command, coldStart, parity, null));
        }
        finally
        {
            if (!keep) await deployment.DisposeAsync();
        }
    }

    /// <summary>
    /// Asks until an embedding comes back. Any embedding ends the wait: when it is not the right one, more waiting will not
    /// make it so, and the parity check says what is wrong.
    /// </summary>
    private static async Task<(double? Seconds, string? Failure)> WaitUntilReadyAsync(
        IDeployment deployment, StackClient client, ReferenceAnswer first, CancellationToken cancellationToken)
    {
        var problem = "it was never asked";
        using var timer = new PeriodicTimer(AskAgain);
        while (true)
        {
            var left = deployment.StartLimit - Stopwatch.GetElapsedTime(deployment.LaunchedAt);
            if (deployment.EndedBecause() is { } ended) return (null, $"it did not start: {ended}");
            if (left <= TimeSpan.Zero)
                return (null, $"it was not ready within {deployment.StartLimit.TotalSeconds:0.#} s (start-limit in its stack.yaml); asked last, {problem}");
            (var embedding, problem) = await client.EmbedAsync(first.Text, left, cancellationToken);
            if (embedding is not null) return (Stopwatch.GetElapsedTime(deployment.LaunchedAt).TotalSeconds, null);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}

/// <summary>What to deploy, and for whom.</summary>
/// <param name="Protocol">How it is asked whether it is ready and right.</param>
public sealed record DeployOrder(
    string Id, string Fingerprint, Contender Contender, ModelArtifact Model, Protocol Protocol, int Trial, string RunId, string LogFile);

/// <summary>A deployment whose answers are right.</summary>
public sealed record ReadyDeployment(IDeployment Deployment) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Deployment.DisposeAsync();
}
