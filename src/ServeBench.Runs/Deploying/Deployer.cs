using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Hosts.Machine;
using ServeBench.Runs.Counters;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>Starts a stack, waits for its first correct answer, and checks all its answers against the references.</summary>
public sealed class Deployer(Catalogue catalogue, IHost host, CorePlan cores, TimeProvider time)
{
    /// <summary>How long one reference may take.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Starts the stack and removes it again, several times, to see how long it takes.</summary>
    /// <returns>The starts that ended with a correct answer, and why the others did not: a stack that starts only now and then is
    /// reported as that.</returns>
    public async Task<(IReadOnlyList<ColdStartRecord> Starts, IReadOnlyList<string> Failures)> ColdStartsAsync(
        DeployOrder order, int count, CancellationToken cancellationToken)
    {
        var starts = new List<ColdStartRecord>();
        var failures = new List<string>();
        for (var i = 1; i <= count; i++)
        {
            IDeployment? deployment = null;
            try
            {
                (deployment, _, _) = await StartAsync(order with { Id = $"{order.Id}.cold-{i}" }, cancellationToken);
                var (start, failure, _) = await ReadyAsync(deployment, order, cancellationToken);
                if (start is not null) starts.Add(start);
                else failures.Add(failure!);
            }
            catch (RunFailedException e)
            {
                failures.Add($"{e.Message}. {e.Remedy}");
            }
            finally
            {
                // What cannot be ended ends the run, too: the next start would be measured beside it.
                if (deployment is not null) await deployment.DisposeAsync();
            }
        }
        return (starts, failures);
    }

    /// <summary>What is known of a server that runs already; null for a stack that is deployed.</summary>
    public EndpointRecord? Endpoint(Domain.Stacks.Stack stack) => host.Endpoint(stack);

    /// <param name="request">What to deploy.</param>
    /// <param name="cancellationToken">Stops waiting; the deployment is removed.</param>
    /// <returns>The running deployment with its record; when it cannot be used, only the record, which says why.</returns>
    public async Task<(ReadyDeployment? Ready, DeploymentRecord Record)> DeployAsync(
        DeployOrder request, CancellationToken cancellationToken)
    {
        var (ready, record) = await DeployOnceAsync(request, cancellationToken);
        if (record.Isolation is not { StillAnswers: false } broken) return (ready, record);
        // What our bad items have broken says nothing of the stack under load: it is started again, and is spared them. The log of the
        // server that they broke is kept.
        var again = request with { TriesBadItems = false, LogFile = Path.ChangeExtension(request.LogFile, "again.log") };
        (ready, record) = await DeployOnceAsync(again, cancellationToken);
        return (ready, record with { Isolation = broken });
    }

    private async Task<(ReadyDeployment? Ready, DeploymentRecord Record)> DeployOnceAsync(
        DeployOrder request, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var endpoint = host.Endpoint(request.Contender.Stack);
        DeploymentRecord Record(string command, ColdStartRecord? coldStart, ParityRecord? parity, string? failure) => new()
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
            ColdStartSeconds = endpoint is null ? coldStart?.Seconds : null,
            ColdStart = endpoint is null ? coldStart : null,
            Parity = parity,
            Endpoint = endpoint,
            Command = command,
            Cpus = endpoint is null ? host.ServerCpus(cores) : [],
            Failure = failure,
        };

        IDeployment deployment;
        long touched;
        double? cached;
        try
        {
            (deployment, touched, cached) = await StartAsync(request, cancellationToken);
        }
        catch (RunFailedException e)
        {
            return (null, Record("", null, null, $"{e.Message}. {e.Remedy}"));
        }
        var keep = false;
        try
        {
            var (coldStart, failure, hasAnswered) = await ReadyAsync(deployment, request, cancellationToken);
            if (failure is not null && !hasAnswered) return (null, Record(deployment.Command, null, null, failure));

            if (endpoint is { AnswersCompared: false })
            {
                keep = true;
                return (new ReadyDeployment(deployment), Record(deployment.Command, null, null, null));
            }
            // What was wrong until the limit has failed, whatever is answered now; it is asked only to say how far off it is.
            var parity = await ParityAsync(deployment, request, hasFailed: failure is not null, cancellationToken);
            if (failure is not null)
                parity = parity with { Passed = false, Detail = parity.Passed ? failure : $"{failure}; {parity.Detail}" };
            // Launch to first *correct* answer: a stack that answers wrongly has no cold start.
            if (!parity.Passed) return (null, Record(deployment.Command, null, parity, $"PARITY FAILED: {parity.Detail}"));
            var isolation = request.TriesBadItems ? await IsolationAsync(deployment, request, cancellationToken) : null;
            if (isolation is { StillAnswers: false })
            {
                var broken = Record(deployment.Command, coldStart, parity, "it did not answer any more after a bad item");
                return (null, broken with { Isolation = isolation });
            }
            keep = true;
            return (
                new ReadyDeployment(deployment),
                Record(deployment.Command, coldStart, parity, null) with
                {
                    Runtime = Runtime(deployment, request),
                    Isolation = isolation,
                    TouchedBytes = endpoint is null ? touched : null,
                    CachedShare = endpoint is null ? cached : null
                });
        }
        finally
        {
            if (!keep) await deployment.DisposeAsync();
        }
    }

    /// <returns>What was started, the bytes of free memory that were touched before, and how much of the model lay in memory
    /// then.</returns>
    private async Task<(IDeployment Deployment, long TouchedBytes, double? CachedShare)> StartAsync(
        DeployOrder order, CancellationToken cancellationToken)
    {
        var (stack, track) = (order.Contender.Stack, order.Contender.Track);
        var repository = ModelRepositories.Make(stack, track, order.Model, host.ServerCpus(cores).Count);
        var touched = stack.IsEndpoint ? 0 : await host.PrepareMachineAsync(cancellationToken);
        var cached = host.Elsewhere is null ? PageCache.ShareOfLargest(order.Model.Folder) : null;
        var deployment = await host.DeployAsync(
            new DeploymentRequest
            {
                Id = order.Id,
                Stack = stack,
                Track = track,
                Model = order.Model,
                Repository = repository,
                LogFile = order.LogFile,
                Cpus = cores.Server,
            },
            cancellationToken);
        return (deployment, touched, cached);
    }

    private Task<IsolationRecord?> IsolationAsync(IDeployment deployment, DeployOrder order, CancellationToken cancellationToken) =>
        new IsolationCheck(
            order.Work,
            catalogue.Model(order.Model.Model).ParityOf(order.Model.Precision),
            Client(deployment, order, order.Protocols[0]),
            AnswerLimit).RunAsync(order.Model, cancellationToken);

    private static string? Runtime(IDeployment deployment, DeployOrder order)
    {
        if (order.Contender.Stack.Counters is not { Runtime: not null } counters) return null;
        using var reader = new CounterReader(deployment.Target(Endpoints.Metrics), counters);
        return reader.ReadRuntime();
    }

    private static StackClient Client(IDeployment deployment, DeployOrder order, Protocol protocol) =>
        new(deployment.For(protocol), protocol, order.Model.Model, order.Contender.Stack.OutcomeRules);

    /// <summary>Over every protocol by which it will be loaded: behind each is code of its own, which may be wrong by itself.</summary>
    private async Task<ParityRecord> ParityAsync(
        IDeployment deployment, DeployOrder order, bool hasFailed, CancellationToken cancellationToken)
    {
        var limits = catalogue.Model(order.Model.Model).ParityOf(order.Model.Precision);
        var each = new List<(string Protocol, ParityRecord Parity)>();
        foreach (var protocol in order.Protocols.Take(hasFailed ? 1 : order.Protocols.Count))
            each.Add(
                (protocol.Name, ParityCheck.Compare(
                    order.Work,
                    limits,
                    await Client(deployment, order, protocol).AskAllAsync(
                        order.Work.References(order.Model), AnswerLimit, hasFailed, cancellationToken))));
        return ParityCheck.Together(order.Work, each);
    }

    /// <returns>How it started; or why it did not, and whether it answered at all.</returns>
    private async Task<(ColdStartRecord? Start, string? Failure, bool HasAnswered)> ReadyAsync(
        IDeployment deployment, DeployOrder order, CancellationToken cancellationToken)
    {
        var first = order.Work.References(order.Model)[0];
        var client = Client(deployment, order, order.Protocols[0]);
        var limits = catalogue.Model(order.Model.Model).ParityOf(order.Model.Precision);
        if (host.Endpoint(order.Contender.Stack) is { } endpoint)
        {
            var answered = await new EndpointWait(client, deployment).UntilAnsweredAsync(
                first.Request,
                answer => endpoint.AnswersCompared ? WrongWith(answer) : null,
                cancellationToken);
            return answered.Failure is null
                ? (new ColdStartRecord(0, null, null, null, 0), null, true)
                : (null, answered.Failure, answered.HasAnswered);
        }
        var start = await new StartWait(deployment, order.Contender.Stack.Lifecycle.Ready, order.LogFile).UntilReadyAsync(
            (limit, stop) => client.AskAsync(first.Request, limit, stop),
            WrongWith,
            cancellationToken);
        if (start.Failure is not null) return (null, start.Failure, start.HasAnswered);
        double? model = null;
        if (order.Contender.Stack.Counters is { ModelLoad: not null } counters)
        {
            using var reader = new CounterReader(deployment.Target(Endpoints.Metrics), counters);
            model = reader.ReadModelLoad();
        }
        var parts = ColdStartParts.Of(start.Seconds, deployment.ProcessStarted?.TotalSeconds, model, start.Answer);
        return (parts with { AnsweredSeconds = start.Answered, HealthSeconds = start.Health }, null, true);

        string? WrongWith(ServedAnswer answer) =>
            ParityCheck.Compare(order.Work, limits, [(first, answer, "")]) is { Passed: false, Detail: var wrong } ? wrong : null;
    }
}
