namespace ServeBench.Domain.Stacks;

/// <summary>
/// When a server is ready: every probe holds, and then, always, the first real request is answered correctly. A probe alone proves
/// little: there are servers whose health endpoint says 200 before they can serve, and after they have failed.
/// </summary>
/// <param name="Probes">All must hold at once; none for a server of which only the first correct answer counts.</param>
/// <param name="Interval">From one try to the next.</param>
/// <param name="Fatal">Regular expressions: a line of the server's log that fits one says that the start has failed.</param>
public sealed record ReadyCondition(IReadOnlyList<ReadyProbe> Probes, TimeSpan Interval, IReadOnlyList<string> Fatal)
{
    public static TimeSpan DefaultInterval { get; } = TimeSpan.FromMilliseconds(5);

    public static ReadyCondition Default { get; } = new([], DefaultInterval, []);
}

/// <summary>One question to a health endpoint.</summary>
/// <param name="Endpoint">Which of the server's ports is asked: one of <see cref="EndpointNames"/>.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Status">The statuses that are accepted.</param>
/// <param name="Body">What the body must be; null where the status says it all.</param>
/// <param name="Timeout">Longest wait for its answer; an endpoint that does not answer by then is not ready yet.</param>
public sealed record ReadyProbe(
    string Endpoint, string Method, string Path, IReadOnlyList<int> Status, BodyCondition? Body, TimeSpan Timeout)
{
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(2);

    /// <summary>As a log or an error names it: <c>GET /ready</c>.</summary>
    public override string ToString() => $"{Method} {Path}";
}
