using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Hub;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Store;

/// <summary>The choice between pretrained and seeded weights, with a hub on this machine that has a tiny model.</summary>
[Lane("slow")]
public sealed class PretrainedModelTests : IDisposable
{
    private const string Config = """{"num_hidden_layers":2,"hidden_size":12,"num_attention_heads":3,"intermediate_size":21,"vocab_size":30522,"layer_norm_eps":1e-12,"hidden_act":"gelu"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _files;

    public PretrainedModelTests()
    {
        using var weights = new MemoryStream();
        SeededWeights.Write(weights, new BertEncoder().Tensors(TinyModel.Settings), seed: 99);
        _files = new Dictionary<string, byte[]>
        {
            ["config.json"] = Encoding.UTF8.GetBytes(Config),
            ["model.safetensors"] = weights.ToArray(),
            ["vocab.txt"] = Repository.Vocabulary(),
        };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pretrained_weights_are_downloaded_once_and_exported()
    {
        await using var hub = Hub();
        var artifact = await PrepareAsync(hub, WeightsSource.Pretrained);
        Assert.Equal(("pretrained", "asked for with --weights=pretrained"), (artifact.Weights, artifact.WeightsReason));
        Assert.Equal(_files["model.safetensors"], await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, artifact.SafetensorsFile), TestContext.Current.CancellationToken));
        Assert.Null(ModelManifest.Read(artifact.Folder).Source.Seed);

        var asked = hub.Requests.Count;
        var again = await PrepareAsync(hub, WeightsSource.Auto);
        Assert.Equal((artifact.Folder, "downloaded earlier"), (again.Folder, again.WeightsReason));
        Assert.Equal(asked, hub.Requests.Count);
        Assert.NotEqual(artifact.Sha256, (await PrepareAsync(hub, WeightsSource.Seeded)).Sha256);
    }

    [Fact]
    public async Task Auto_takes_pretrained_weights_where_it_can()
    {
        await using var hub = Hub();
        var artifact = await PrepareAsync(hub, WeightsSource.Auto);
        Assert.Equal(("pretrained", "downloaded from 127.0.0.1"), (artifact.Weights, artifact.WeightsReason));
    }

    [Fact]
    public async Task Auto_falls_back_to_seeded_weights_says_why_and_remembers_it()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("403 Forbidden", ["Content-Length: 0"]));
        var artifact = await PrepareAsync(hub, WeightsSource.Auto);
        Assert.Equal(("seeded", "127.0.0.1 answers 403 Forbidden"), (artifact.Weights, artifact.WeightsReason));
        Assert.Contains($"{hub.Address}owner/tiny/resolve/", artifact.WeightsDetail, StringComparison.Ordinal);

        var asked = hub.Requests.Count;
        var again = await PrepareAsync(hub, WeightsSource.Auto);
        Assert.Equal((artifact.WeightsReason, artifact.WeightsDetail), (again.WeightsReason, again.WeightsDetail));
        Assert.Equal(asked, hub.Requests.Count);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(hub, WeightsSource.Pretrained));
        Assert.Contains("--weights=seeded", error.Remedy, StringComparison.Ordinal);
        Assert.True(hub.Requests.Count > asked, "asking for pretrained weights tries again");
    }

    [Fact]
    public async Task Auto_does_not_hide_weights_that_are_wrong()
    {
        var card = Card();
        _files["model.safetensors"][^1] ^= 1;
        await using var hub = Hub(sums: false);
        Assert.Contains("not what it should be", (await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(hub, WeightsSource.Auto, card: card))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_downloads_nothing()
    {
        await using var hub = Hub();
        var artifact = await PrepareAsync(hub, WeightsSource.Auto, offline: true);
        Assert.Equal("seeded", artifact.Weights);
        Assert.Contains("--offline forbids", artifact.WeightsReason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(hub, WeightsSource.Pretrained, offline: true));
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task A_checkpoint_that_the_card_does_not_describe_is_refused_with_every_difference()
    {
        var other = TinyModel.Settings with { Layers = 3 };
        using var weights = new MemoryStream();
        SeededWeights.Write(weights, new BertEncoder().Tensors(other with { Intermediate = 22, Layers = 2 }), seed: 99);
        _files["model.safetensors"] = weights.ToArray();
        await using var hub = Hub();
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(hub, WeightsSource.Pretrained));
        Assert.Contains("encoder.layer.0.intermediate.dense.weight is F32[22, 12] where [21, 12] is due", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 1 more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_contradicts_the_card_is_refused()
    {
        _files["config.json"] = Encoding.UTF8.GetBytes(Config.Replace("\"gelu\"", "\"gelu_new\"", StringComparison.Ordinal).Replace("1e-12", "1e-05", StringComparison.Ordinal));
        await using var hub = Hub();
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(hub, WeightsSource.Pretrained));
        Assert.Contains("hidden_act is gelu_new where gelu is due; layer_norm_eps is 1e-05 where 1E-12 is due", error.Message, StringComparison.Ordinal);
    }

    private MisbehavingHub Hub(bool sums = true) => new((request, answer) =>
    {
        var content = _files[request.Path.Split('/')[^1]];
        return answer.FileAsync(request, content, sums ? $"ETag: \"{Sum(content)}\"" : "ETag: \"x\"");
    });

    private ModelCard Card() => TinyModel.Card() with
    {
        Source = new ModelSource("owner/tiny", new string('1', 40), [.. _files.Select(f => new ModelSourceFile(f.Key, Sum(f.Value)))]),
    };

    private Task<ModelArtifact> PrepareAsync(MisbehavingHub hub, string weights, IRunObserver? observer = null, bool offline = false, ModelCard? card = null)
    {
        var settings = new HubSettings { Endpoint = hub.Address, FirstDelay = TimeSpan.FromMilliseconds(1), Attempts = 2 };
        return new ModelStore(_folder.Path, Repository.Packages, settings)
            .PrepareAsync(card ?? Card(), new ModelRequest { Weights = weights, Offline = offline }, observer ?? SilentObserver.Instance, TestContext.Current.CancellationToken);
    }

    private static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
