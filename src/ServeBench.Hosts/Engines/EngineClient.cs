using System.Net.Sockets;
using System.Text.Json;

namespace ServeBench.Hosts.Engines;

/// <summary>
/// Asks an engine through its socket, over one connection that stays open, for what the docker command line gives only rounded
/// and late: a container's counters at this very moment.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly SshTunnel _tunnel;

    /// <param name="tunnel">Leads to the socket.</param>
    public EngineClient(SshTunnel tunnel)
    {
        _tunnel = tunnel;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(tunnel.EngineSocket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://docker/"), Timeout = Limit };
    }

    /// <returns>The counters, or why there are none.</returns>
    public (EngineStats? Stats, string Problem) Stats(string container)
    {
        _tunnel.EngineAsked = true;
        try
        {
            // Threads that measure wait for it: there is nothing else for them to do.
            var answer = Task.Run(() => _http.GetStringAsync($"v1.41/containers/{container}/stats?stream=false&one-shot=true"))
                .GetAwaiter()
                .GetResult();
            return EngineStats.Read(JsonDocument.Parse(answer).RootElement) is { } stats
                ? (stats, "")
                : (null, "the container ended within the window");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            return (null, $"the Docker Engine's socket cannot be asked through ssh ({e.Message})");
        }
    }

    public void Dispose() => _http.Dispose();
}
