using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ServeBench.Load.Tests.Tls;

/// <summary>Kestrel with a certificate, in one version of HTTP.</summary>
internal sealed class SecureServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SecureServer(WebApplication app) => _app = app;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    public static async Task<SecureServer> StartAsync(X509Certificate2 certificate, HttpProtocols version, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = version;
            listen.UseHttps(certificate);
        }));
        var server = new SecureServer(builder.Build());
        server._app.Run(answer);
        await server._app.StartAsync();
        server.EndPoint = IPEndPoint.Parse(new Uri(server._app.Urls.First()).Authority);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
