using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Hub;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Support;

/// <summary>A hub on this machine with the files of a tiny model, which a test changes first, and a store that prepares it.</summary>
internal sealed class TinyHub : IAsyncDisposable
{
    private const string Config = """{"num_hidden_layers":2,"hidden_size":12,"num_attention_heads":3,"intermediate_size":21,"vocab_size":30522,"layer_norm_eps":1e-12,"hidden_act":"gelu"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly MisbehavingHub _hub;

    public TinyHub()
    {
        using var weights = new MemoryStream();
        SeededWeights.Write(weights, new BertEncoder().Tensors(TinyModel.Settings), seed: 99);
        Files = new Dictionary<string, byte[]>
        {
            ["config.json"] = Encoding.UTF8.GetBytes(Config),
            [Weights] = weights.ToArray(),
            ["vocab.txt"] = Repository.Vocabulary(),
        };
        _hub = new MisbehavingHub((request, answer) =>
        {
            var name = request.Path.Split('/')[^1];
            return Files.TryGetValue(name, out var content) ? answer.FileAsync(request, content, $"ETag: \"{Sum(content)}\"") : answer.SendAsync("404 Not Found", ["Content-Length: 0"]);
        });
    }

    public const string Weights = "model.safetensors";

    /// <summary>What the hub has.</summary>
    public Dictionary<string, byte[]> Files { get; }

    public BertEncoderSettings Settings { get; set; } = TinyModel.Settings;

    /// <summary>What the card lists; null for all files, with their hashes.</summary>
    public IReadOnlyList<string>? Listed { get; set; }

    /// <summary>What the environment says.</summary>
    public Func<HubSettings, HubSettings> Environment { get; set; } = s => s;

    public IReadOnlyCollection<HubRequest> Requests => _hub.Requests;

    /// <summary>Where the store keeps models.</summary>
    public string Folder => _folder.Path;

    /// <summary>Bytes of a file that were asked for.</summary>
    public long BytesAsked(string file) => _hub.Requests.Where(r => r.Method == "GET" && r.Path.EndsWith($"/{file}", StringComparison.Ordinal))
        .Sum(r => r.Range is { } range ? range.Last - range.First + 1L : Files[file].Length);

    public ModelCard Card() => TinyModel.Card() with
    {
        Folder = _folder.Path,
        Export = Settings,
        Source = new ModelSource("owner/tiny", new string('1', 40), [.. (Listed ?? [.. Files.Keys]).Select(f => new ModelSourceFile(f, Files.TryGetValue(f, out var content) ? Sum(content) : null))]),
    };

    public Task<ModelArtifact> PrepareAsync(string weights = WeightsSource.Pretrained, bool offline = false)
    {
        var settings = Environment(new HubSettings { Endpoint = _hub.Address, FirstDelay = TimeSpan.FromMilliseconds(1), Attempts = 2 });
        return new ModelStore(_folder.Path, Repository.Packages, settings)
            .PrepareAsync(Card(), new ModelRequest { Weights = weights, Offline = offline }, SilentObserver.Instance, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    public static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
