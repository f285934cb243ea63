using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ServeBench.Load.Tests.Servers;

/// <summary>A gRPC server that nobody here wrote: Kestrel's HTTP/2, with a handler that says what each call is answered.</summary>
internal sealed class CallServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CallServer(WebApplication app) => _app = app;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <param name="answer">Gets each call and the bytes of its message.</param>
    /// <param name="limits">What is special to the server.</param>
    public static async Task<CallServer> StartAsync(Func<HttpContext, byte[], Task> answer, Action<KestrelServerOptions>? limits = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            limits?.Invoke(options);
        });
        var server = new CallServer(builder.Build());
        server._app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var bytes = body.ToArray();
            Assert.Equal(bytes.Length - 5, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
            context.Response.ContentType = "application/grpc";
            await answer(context, bytes[5..]);
        });
        await server._app.StartAsync();
        server.EndPoint = IPEndPoint.Parse(new Uri(server._app.Urls.First()).Authority);
        return server;
    }

    /// <summary>Messages, then the status in trailers; without a status, more are to come.</summary>
    public static async Task AnswerAsync(HttpContext context, IEnumerable<byte[]> messages, int? status = 0)
    {
        foreach (var message in messages)
        {
            await context.Response.Body.WriteAsync(Http2.Frames.Message(message));
            await context.Response.Body.FlushAsync();
        }
        if (status is not null) context.Response.AppendTrailer("grpc-status", $"{status}");
    }

    /// <summary>A status and nothing else, all in the head.</summary>
    public static Task Fail(HttpContext context, int status, string message)
    {
        context.Response.Headers["grpc-status"] = $"{status}";
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
