using System.Net.Sockets;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Endpoint;

/// <summary>
/// Servers that run already, wherever the user says. Nothing is started and nothing is removed: a deployment is no more than the
/// connections to it, and what its process uses is not known.
/// </summary>
/// <param name="targets">Finds out what sending requests takes.</param>
public sealed class EndpointHost(EndpointTargets targets) : IHost
{
    public const string HostName = EndpointNames.Host;

    /// <summary>How long connecting may take before the first request is tried.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    public static ISectionReader SectionReader { get; } = new EndpointSettings.Reader();

    public string Name => HostName;

    public string Summary => "servers that run already, named with --endpoint";

    public ISectionReader Section => SectionReader;

    public Obstacle? Unavailable => null;

    public Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken) => Task.CompletedTask;

    public Obstacle? CannotRun(Stack stack) => SettingsOf(stack)?.Named is null
        ? new Obstacle($"{stack.Name} is deployed elsewhere, by its users", "Name one that runs with --endpoint=NAME=URL")
        : null;

    /// <summary>
    /// Of what is known of it, which is not what decides its results: they are never taken from another run (decision 0176).
    /// </summary>
    public string Fingerprint(Stack stack)
    {
        using var hash = new ContentHash();
        return hash.Add("host", Name).AddRecord("settings", SettingsOf(stack)!).Finish();
    }

    public IReadOnlyList<int> ServerCpus(CorePlan cores) => [];

    public EndpointRecord? Endpoint(Stack stack)
    {
        if (SettingsOf(stack) is not { Named: { } named } settings) return null;
        string[] signed = settings.AwsService is { } service ? [$"AWS Signature Version 4 for {service}"] : [];
        return new EndpointRecord(
            named.Url,
            named.Stack,
            named.ComparesAnswers,
            [.. settings.HeadersOf(named).Select(h => $"{h}"), .. signed],
            named.MostPerSecond,
            named.Counters);
    }

    public async Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        var settings = SettingsOf(request.Stack)!;
        var named = settings.Named!;
        var faults = new FaultList();
        var target = targets.Of(named, settings, faults);
        var counters = targets.CountersOf(named, settings, faults);
        if (target is null || faults.Count > 0)
            throw new RunFailedException(string.Join(" ", faults), "Nothing was sent");
        await ConnectAsync(named, target, cancellationToken);
        return new EndpointDeployment(named, settings, target, counters);
    }

    /// <summary>Nothing of it is ours.</summary>
    public Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    private static EndpointSettings? SettingsOf(Stack stack) => stack.Hosts.GetValueOrDefault(HostName) as EndpointSettings;

    /// <exception cref="RunFailedException">when nobody takes a connection.</exception>
    private static async Task ConnectAsync(NamedEndpoint named, ServerTarget target, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        using var socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target.Address, limit.Token);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var why = e is SocketException ? e.Message : $"no connection within {ConnectLimit.TotalSeconds:0} s";
            throw new RunFailedException(
                $"{named.Name}: nobody answers at {named.Url} ({target.Address}): {why}",
                "Is the server running, and reached from here?", e);
        }
    }
}
