using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Logs;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Runtime;
using ServeBench.OnnxServer.Serving;
using ServeBench.OnnxServer.Telemetry;

namespace ServeBench.OnnxServer.Hosting;

/// <summary>The server: its models, and the web host that answers for them.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Bytes in a second; a body that comes more slowly is given up.</summary>
    private const double SlowestBody = 240;

    /// <summary>The web server looks once in a second, and takes no shorter time.</summary>
    private static readonly TimeSpan ShortestGrace = TimeSpan.FromSeconds(1.5);

    private readonly WebApplication _application;
    private readonly ModelTable<ServedModel> _models;
    private readonly IDisposable? _traces;

    private ServerHost(WebApplication application, ModelTable<ServedModel> models, IDisposable? traces)
    {
        _application = application;
        _models = models;
        _traces = traces;
    }

    /// <summary>The addresses listened on, with their real ports.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _application.Urls];

    /// <summary>
    /// What is answered, each as its method and path: <c>GET /v1/models/{model}</c>. HEAD, which every GET has beside it, is left
    /// out.
    /// </summary>
    public IReadOnlyCollection<string> Routes =>
    [
        .. ((IEndpointRouteBuilder)_application).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(
                e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
                    .Where(m => m != HttpMethods.Head)
                    .Select(method => $"{method} {e.RoutePattern.RawText}")),
    ];

    /// <summary>Loads and warms the models, then listens.</summary>
    /// <exception cref="RunFailedException">when a model cannot be loaded or an address cannot be listened on.</exception>
    /// <exception cref="FaultException">when two models have one name.</exception>
    public static Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, KnownPipelines.OfProgram, cancellationToken);

    /// <inheritdoc cref="StartAsync(ServerOptions, CancellationToken)"/>
    /// <param name="pipelines">The kinds of work that it does.</param>
    public static Task<ServerHost> StartAsync(ServerOptions options, KnownPipelines pipelines, CancellationToken cancellationToken) =>
        StartAsync(
            options,
            pipelines,
            (folder, logger) => pipelines.Load(folder, options, TimeProvider.System, logger),
            TimeProvider.System,
            cancellationToken);

    /// <inheritdoc cref="StartAsync(ServerOptions, CancellationToken)"/>
    /// <param name="pipelines">The kinds of work that it does.</param>
    /// <param name="load">Loads and warms one model, which goes by the same clock.</param>
    /// <param name="time">The clock of deadlines, waits and metrics.</param>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options,
        KnownPipelines pipelines,
        Func<ModelFolder, ILogger, ServedModel> load,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Logging.Configure(builder.Logging, options);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
        var gate = new RequestGate();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlocks>();
        builder.Services.AddSingleton(options).AddSingleton(gate).AddHostedService<GracefulEnd>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + options.StopTime);
        var application = builder.Build();
        var logger = application.Services.GetRequiredService<ILogger<ServedModel>>();
        var models = Load(options.Models, folder => load(folder, logger));
        try
        {
            application.UseWebSockets(
                new WebSocketOptions { KeepAliveInterval = options.ReadTimeout, KeepAliveTimeout = options.ReadTimeout });
            SlashedNames.Use(application, models.All.Select(m => m.Name));
            Hosting.Routes.Map(application, pipelines.All, models, options, gate, time);
            await application.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            models.Dispose();
            await application.DisposeAsync();
            if (e is not IOException) throw;
            throw new RunFailedException(
                $"The server cannot listen on {string.Join(" and ", options.AllUrls)}: {e.Message}",
                "Choose another port with --port, or 0 for a free one",
                e);
        }
        var host = new ServerHost(application, models, options.Traces is { } to ? Tracing.Send(to) : null);
        host.Report(options);
        NativeHeap.GiveBack();
        return host;
    }

    /// <summary>Waits until the process is asked to end, and every request taken has been answered.</summary>
    public Task WaitForShutdownAsync() => _application.WaitForShutdownAsync();

    /// <summary>Ends as SIGTERM would end it.</summary>
    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _models.Dispose();
        _traces?.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        // HTTP/2 without TLS looks like TLS to the web server (see ConnectionProtocol), but its clients say http.
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxRequestBodySize = options.MaxBody;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        // A WebSocket is no longer among those.
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
        kestrel.Limits.MinRequestBodyDataRate =
            new MinDataRate(SlowestBody, options.ReadTimeout > ShortestGrace ? options.ReadTimeout : ShortestGrace);
        var protocol = new ConnectionProtocol(options.ReadTimeout);
        // Both versions are spoken by default; where that is said again, the web server warns that it needs TLS for it, which is
        // not so here.
        void Listen(ListenOptions listen) => listen.Use(protocol.Detect);
        foreach (var url in options.AllUrls)
        {
            if (url.Host == "localhost") kestrel.ListenLocalhost(url.Port, Listen);
            else if (url.Host == "*") kestrel.ListenAnyIP(url.Port, Listen);
            else kestrel.Listen(IPAddress.Parse(url.Host), url.Port, Listen);
        }
    }

    private static ModelTable<ServedModel> Load(IReadOnlyList<ModelFolder> folders, Func<ModelFolder, ServedModel> load)
    {
        var loaded = new List<ServedModel>();
        try
        {
            foreach (var folder in folders) loaded.Add(load(folder));
            var faults = loaded.GroupBy(m => m.Name).Where(g => g.Count() > 1)
                .Select(
                    g => new Fault(
                        "--model", null, null, $"{g.Count()} models are called '{g.Key}'", "Name them apart with --model=NAME=FOLDER"));
            if (faults.ToArray() is { Length: > 0 } all) throw new FaultException(all);
            return new ModelTable<ServedModel>(loaded);
        }
        catch
        {
            foreach (var model in loaded) model.Dispose();
            throw;
        }
    }

    private void Report(ServerOptions options)
    {
        var logger = _application.Services.GetRequiredService<ILogger<ServerHost>>();
        var session = new SessionFactory(options, logger).Describe();
        var batching = options.Batching == BatchingMode.None
            ? "no batching"
            : $"batches of up to {options.MaxBatch} items or a cost of {options.MaxBatchTokens} by "
                + $"{options.Grouping.ToString().ToLowerInvariant()}";
        foreach (var model in _models.All)
            logger.Serving(
                model.Name,
                model.Manifest.Weights,
                model.Manifest.Precision,
                model.Sha256,
                session,
                options.Instances,
                model.Together ?? batching);
        foreach (var address in Addresses) logger.Listening(address);
    }
}
