using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Hosting;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>A server in this process, on a port of its own, with a client for it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly ServerHost _host;

    private RunningServer(ServerHost host)
    {
        _host = host;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = new Uri(host.Addresses.First()) };
    }

    public HttpClient Client { get; }

    /// <summary>Where gRPC is spoken, when it is.</summary>
    public Uri GrpcAddress => new(_host.Addresses.Last());

    /// <summary>What is answered, each as its method and path.</summary>
    public IReadOnlyCollection<string> Routes => _host.Routes;

    /// <param name="folder">The model's folder.</param>
    /// <param name="arguments">Options beside the model and the address.</param>
    public static async Task<RunningServer> StartAsync(string folder, params string[] arguments) =>
        new(await ServerHost.StartAsync(Options([$"--model={folder}", "--urls=http://127.0.0.1:0", "--log-level=none", .. arguments]), CancellationToken.None));

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    /// <param name="pipelines">The kinds of work that it does.</param>
    public static async Task<RunningServer> StartAsync(string folder, KnownPipelines pipelines, params string[] arguments) =>
        new(await ServerHost.StartAsync(Options([$"--model={folder}", "--urls=http://127.0.0.1:0", "--log-level=none", .. arguments]), pipelines, CancellationToken.None));

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    /// <param name="load">Makes the model.</param>
    /// <param name="time">The server's clock.</param>
    public static async Task<RunningServer> StartAsync(string folder, Func<ModelFolder, ServerOptions, ILogger, ServedModel> load, TimeProvider time, params string[] arguments)
    {
        var options = Options([$"--model={folder}", "--urls=http://127.0.0.1:0", "--log-level=none", .. arguments]);
        return new(await ServerHost.StartAsync(options, KnownPipelines.OfProgram, (model, logger) => load(model, options, logger), time, CancellationToken.None));
    }

    public static ServerOptions Options(params string[] arguments)
    {
        var faults = new Domain.Faults.FaultList();
        var options = new ServerOptionsReader(CommandLineSource.Read(arguments, faults), faults).Read();
        faults.ThrowIfAny();
        return options;
    }

    /// <summary>Posts a JSON body.</summary>
    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        using var response = await Client.PostAsync(path, content);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    public async Task<(int Status, JsonElement Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>Ends as SIGTERM would end it.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>The sum of a counter over its series.</summary>
    public async Task<long> CounterAsync(string name)
    {
        var text = await Client.GetStringAsync("/metrics");
        return text.Split('\n').Where(l => l.StartsWith(name + "{", StringComparison.Ordinal)).Sum(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..]));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}
