using System.Net;
using ServeBench.Load.K6.Running;

namespace ServeBench.Load.Tests.K6;

/// <summary>A small server of server-sent events; what it sends goes out at once.</summary>
internal sealed class EventServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string, Func<string, Task>, Task> _answer;
    private readonly Task _serving;
    private volatile bool _closing;

    /// <param name="answer">Gets a request's body and what writes to its answer; the answer ends when it does.</param>
    public EventServer(Func<string, Func<string, Task>, Task> answer)
    {
        _answer = answer;
        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        _listener.Prefixes.Add($"http://{EndPoint}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        // The listener ends the answers that are under way before it says that it is closed.
        _closing = true;
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true) all.Add(AnswerAsync(await _listener.GetContextAsync()));
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(all); // it was closed
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            context.Response.ContentType = "text/event-stream";
            context.Response.SendChunked = true;
            await _answer(body, async text =>
            {
                await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
                await context.Response.OutputStream.FlushAsync();
            });
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // The client has gone.
        }
        catch (InvalidOperationException) when (_closing)
        {
            // The listener was closed while this request was read, and has ended its answer itself.
        }
    }
}
