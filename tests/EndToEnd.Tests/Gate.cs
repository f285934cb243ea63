using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServeBench.EndToEnd.Tests;

/// <summary>Stands before a server as a service's front does: with a certificate where it has one, it lets through whom it knows.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly HttpClient _behind = new();
    private readonly WebApplication _app;
    private int _refused;

    private Gate(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>Requests that were not let through.</summary>
    public int Refused => _refused;

    /// <summary>Requests that were.</summary>
    public int Passed { get; private set; }

    /// <param name="server">Whom it stands before.</param>
    /// <param name="certificate">Its certificate; null for none.</param>
    /// <param name="path">Where the server is asked, given the path that was asked for.</param>
    /// <param name="isKnown">Whether a request with that body is let through.</param>
    public static async Task<Gate> OpenAsync(
        Uri server, X509Certificate2? certificate, Func<string, string> path, Func<HttpRequest, byte[], bool> isKnown)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        var gate = new Gate(builder.Build());
        gate._app.Run(context => gate.AnswerAsync(context, new Uri(server, path(context.Request.Path)), isKnown));
        await gate._app.StartAsync();
        var own = new Uri(gate._app.Urls.First());
        gate.Url = new Uri($"{own.Scheme}://localhost:{own.Port}");
        return gate;
    }

    /// <summary>A certificate of <c>localhost</c> that is its own authority, and the file that says so.</summary>
    public static X509Certificate2 Certificate(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(file, made.ExportCertificatePem());
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _behind.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, Uri to, Func<HttpRequest, byte[], bool> isKnown)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!isKnown(context.Request, body.ToArray()))
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("""{"message": "who are you?"}""", context.RequestAborted);
            return;
        }
        Passed++;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), to) { Content = new ByteArrayContent(body.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var answer = await _behind.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
    }
}
