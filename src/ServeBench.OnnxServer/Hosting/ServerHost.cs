using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>The server: its models, and the web host that answers for them.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ModelTable _models;

    private ServerHost(WebApplication application, ModelTable models)
    {
        _application = application;
        _models = models;
    }

    /// <summary>The addresses listened on, with their real ports.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _application.Urls];

    /// <summary>Loads and warms the models, then listens.</summary>
    /// <exception cref="RunFailedException">when a model cannot be loaded or an address cannot be listened on.</exception>
    /// <exception cref="FaultException">when two models have one name.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Logging.Configure(builder.Logging, options);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        var application = builder.Build();
        var models = Load(options, application.Services.GetRequiredService<ILoggerFactory>());
        try
        {
            Routes.Map(application, models, options);
            await application.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            models.Dispose();
            await application.DisposeAsync();
            if (e is not IOException) throw;
            throw new RunFailedException($"The server cannot listen on {string.Join(" and ", options.Urls)}: {e.Message}", "Choose another port with --urls, or 0 for a free one", e);
        }
        var host = new ServerHost(application, models);
        host.Report();
        return host;
    }

    /// <summary>Waits until the process is told to end, and every request taken has been answered.</summary>
    public Task WaitForShutdownAsync() => _application.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _models.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBody;
        foreach (var url in options.Urls)
        {
            if (url.Host == "localhost") kestrel.ListenLocalhost(url.Port);
            else if (url.Host == "*") kestrel.ListenAnyIP(url.Port);
            else kestrel.Listen(IPAddress.Parse(url.Host), url.Port);
        }
    }

    private static ModelTable Load(ServerOptions options, ILoggerFactory loggers)
    {
        var loaded = new List<ServedModel>();
        try
        {
            foreach (var folder in options.Models) loaded.Add(ServedModel.Load(folder, options, loggers));
            var faults = loaded.GroupBy(m => m.Name).Where(g => g.Count() > 1)
                .Select(g => new Fault("--model", null, null, $"{g.Count()} models are called '{g.Key}'", "Name them apart with --model=NAME=FOLDER"));
            if (faults.ToArray() is { Length: > 0 } all) throw new FaultException(all);
            return new ModelTable(loaded);
        }
        catch
        {
            foreach (var model in loaded) model.Dispose();
            throw;
        }
    }

    private void Report()
    {
        var logger = _application.Services.GetRequiredService<ILogger<ServerHost>>();
        foreach (var model in _models.All) logger.Serving(model.Name, model.Manifest.Weights, model.Manifest.Precision, model.Sha256, model.Runtime);
        foreach (var address in Addresses) logger.Listening(address);
    }
}
