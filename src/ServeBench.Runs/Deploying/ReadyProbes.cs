using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts;
using ServeBench.Load.Answers;

namespace ServeBench.Runs.Deploying;

/// <summary>
/// Asks a starting server's health endpoints. One that does not answer within its probe's own time-out is not ready yet: there are servers
/// that accept a connection long before they read from it.
/// </summary>
internal sealed class ReadyProbes : IDisposable
{
    /// <summary>Of a body; what a health endpoint says is at its beginning.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly (ReadyProbe Probe, Uri Address, BodyMatcher? Body)[] _probes;

    public ReadyProbes(IReadOnlyList<ReadyProbe> probes, Endpoints endpoints) =>
        _probes = [.. probes.Select(p => (
            p, new Uri($"http://{endpoints[p.Endpoint]}{p.Path}"), p.Body is { } body ? new BodyMatcher(body) : null))];

    public bool Any => _probes.Length > 0;

    /// <returns>Null when every probe holds; else which does not, and what it was answered.</returns>
    public async Task<string?> AskAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        foreach (var (probe, address, body) in _probes)
        {
            var limit = probe.Timeout < left ? probe.Timeout : left;
            if (await AskAsync(probe, address, body, limit, cancellationToken) is { } problem) return $"{probe} {problem}";
        }
        return null;
    }

    public void Dispose() => _client.Dispose();

    private async Task<string?> AskAsync(
        ReadyProbe probe, Uri address, BodyMatcher? matcher, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(probe.Method), address);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            var status = (int)response.StatusCode;
            if (!probe.Status.Contains(status)) return $"was answered with status {status} instead of {string.Join(" or ", probe.Status)}";
            if (matcher is null) return null;
            var body = new byte[MostBytes];
            await using var stream = await response.Content.ReadAsStreamAsync(deadline.Token);
            var count = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, deadline.Token);
            return matcher.Fits(body.AsSpan(0, count))
                ? null
                : $"was answered with status {status}, but its body is not {probe.Body}; "
                    + $"it begins: {Redaction.Quote(System.Text.Encoding.UTF8.GetString(body, 0, count), 160)}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return limit < probe.Timeout ? "was not answered before the limit" : $"was not answered within {DurationText.Format(limit)}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"was not answered: {e.InnerException?.Message ?? e.Message}";
        }
    }
}
