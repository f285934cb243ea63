using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServeBench.Models.Tests.Hub;

/// <summary>
/// A model hub on a port of this machine that can do everything wrong: handlers write the bytes of their answers themselves.
/// One request per connection.
/// </summary>
internal sealed class MisbehavingHub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<HubRequest, HubAnswer, Task> _handle;
    private readonly Task _accepting;
    private readonly ConcurrentBag<Task> _connections = [];

    public MisbehavingHub(Func<HubRequest, HubAnswer, Task> handle)
    {
        _handle = handle;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Every request, in order of arrival.</summary>
    public ConcurrentQueue<HubRequest> Requests { get; } = [];

    public int Count(string method) => Requests.Count(r => r.Method == method);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(Task.Run(() => ServeAsync(client)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await ReadHeadAsync(stream) is not { } request) return;
                Requests.Enqueue(request);
                await _handle(request, new HubAnswer(stream, request.Method == "HEAD", _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task<HubRequest?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        return new HubRequest(words[0], words[1], lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase));
    }
}

internal sealed record HubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The range asked for; null when the whole is.</summary>
    public (int First, int Last)? Range =>
        Headers.TryGetValue("Range", out var text) && text["bytes=".Length..].Split('-') is [var first, var last] ? (int.Parse(first), int.Parse(last)) : null;
}

/// <summary>Writes an answer, byte by byte if need be.</summary>
internal sealed class HubAnswer(NetworkStream stream, bool headOnly, CancellationToken stop)
{
    /// <summary>The head as given, and the body as given, whatever the head says of it.</summary>
    public async Task SendAsync(string statusLine, IEnumerable<string> headers, ReadOnlyMemory<byte> body = default)
    {
        var head = $"HTTP/1.1 {statusLine}\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop);
        if (!headOnly) await stream.WriteAsync(body, stop);
    }

    /// <summary>What a hub that behaves would answer.</summary>
    public Task FileAsync(HubRequest request, byte[] content, params string[] headers)
    {
        if (request.Range is not { } range) return SendAsync("200 OK", [$"Content-Length: {content.Length}", "Accept-Ranges: bytes", .. headers], content);
        var part = content.AsMemory(range.First, range.Last - range.First + 1);
        return SendAsync("206 Partial Content", [$"Content-Length: {part.Length}", $"Content-Range: bytes {range.First}-{range.Last}/{content.Length}", .. headers], part);
    }

    /// <summary>Says nothing more until the client goes away or the test is over.</summary>
    public async Task StallAsync()
    {
        try
        {
            await stream.ReadExactlyAsync(new byte[1], stop);
        }
        catch (EndOfStreamException)
        {
            // The client went away.
        }
    }
}
