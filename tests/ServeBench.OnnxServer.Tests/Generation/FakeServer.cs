using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>A server in this process whose model is <see cref="FakeSlots"/>, so that who joins and leaves when is a matter of order, not of time.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Path = "/v1/completions";

    private FakeServer(RunningServer server, FakeSlots slots, ManualClock clock) => (Server, Slots, Clock) = (server, slots, clock);

    public RunningServer Server { get; }

    public FakeSlots Slots { get; }

    public ManualClock Clock { get; }

    public static async Task<FakeServer> StartAsync(TinyGenerator model, int slots, params string[] arguments)
    {
        var clock = new ManualClock();
        var fake = new FakeSlots(slots, TinyGenerator.Positions);
        var server = await RunningServer.StartAsync(
            model.Folder,
            (_, options, logger) => new GenerationModel(TinyGenerator.Name, model.Manifest, model.Tokenizer, fake, options, clock, logger, fake),
            clock,
            arguments);
        fake.Forget();
        return new FakeServer(server, fake, clock);
    }

    /// <summary>Makes the next call of the model wait until the gate is opened.</summary>
    public void Close()
    {
        Slots.Began.Reset();
        Slots.Gate.Reset();
    }

    /// <summary>Begins a stream.</summary>
    public async Task<TokenStream> StreamAsync(int[] prompt, int tokens)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent($$"""{"prompt":[{{string.Join(',', prompt)}}],"max_tokens":{{tokens}},"stream":true,"ignore_eos":true}""", Encoding.UTF8, "application/json"),
        };
        return new TokenStream(await Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    public Task<(int Status, JsonElement Body)> PostAsync(int[] prompt, int tokens) =>
        Server.PostAsync(Path, $$"""{"prompt":[{{string.Join(',', prompt)}}],"max_tokens":{{tokens}},"ignore_eos":true}""");

    /// <summary>Waits until a metric of the model has a value.</summary>
    public Task UntilAsync(string metric, int value) => Eventually.HoldsAsync(
        async () => (await Server.Client.GetStringAsync("/metrics")).Split('\n').Contains($"{metric}{{model=\"{TinyGenerator.Name}\"}} {value}"), $"{metric} is {value}");

    public async ValueTask DisposeAsync()
    {
        Slots.Gate.Set();
        await Server.DisposeAsync();
    }
}
