using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Inference;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>Checkpoints as people publish them: each is either read and gives the right embeddings, or refused before its weights are fetched.</summary>
public sealed class PublishedCheckpointTests
{
    private const string Words = "embeddings.word_embeddings.weight";

    [Theory]
    [InlineData("bert.", false)]
    [InlineData("0.auto_model.", false)]
    [InlineData("model.bert.", true)]
    [InlineData("module.", false)]
    [InlineData("_orig_mod.", false)]
    [InlineData("0_Transformer.auto_model.", false)]
    [InlineData("module.bert.", true)]
    [InlineData("", true)]
    [Lane("slow")]
    public async Task Other_prefixes_and_the_older_names_of_layer_normalisations_are_read(string prefix, bool older)
    {
        var expected = await EmbeddingsAsync(e => e);
        var actual = await EmbeddingsAsync(e => e.Rename(n => prefix + (older ? n.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta") : n)));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("F64", 0)]
    [InlineData("F16", 2e-2)]
    [InlineData("BF16", 1e-1)]
    [Lane("slow")]
    public async Task Other_precisions_are_read(string type, double tolerance)
    {
        var expected = await EmbeddingsAsync(e => e);
        var actual = await EmbeddingsAsync(e => e.Convert(type));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
        Assert.True(type == "F64" || !expected.SequenceEqual(actual), "the weights were rounded");
    }

    [Fact]
    [Lane("slow")]
    public async Task A_tensor_left_out_because_another_is_the_same_is_found()
    {
        var expected = await EmbeddingsAsync(e => e);
        var actual = await EmbeddingsAsync(e =>
        {
            var tied = e.Rename(n => n == Words ? "cls.predictions.decoder.weight" : $"bert.{n}");
            tied.Metadata = $$"""{"format":"pt","bert.{{Words}}":"cls.predictions.decoder.weight"}""";
            return tied;
        });
        Assert.Equal(expected, actual);
    }

    [Fact]
    [Lane("slow")]
    public async Task Tensors_that_are_not_used_may_be_of_any_type()
    {
        var expected = await EmbeddingsAsync(e => e);
        var actual = await EmbeddingsAsync(e =>
        {
            e.Metadata = "null";
            e.Tensors.Insert(0, ("mask", "BOOL", [3], [0, 1, 1]));
            e.Tensors.Add(("cls.double", "F64", [2], new byte[16]));
            e.Tensors.Add(("cls.scale", "F8_E4M3", [5], new byte[5]));
            e.Tensors.Add(("cls.four", "F4", [3], new byte[2]));
            return e;
        });
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("distilbert.")]
    [InlineData("")]
    [Lane("slow")]
    public async Task A_distilled_checkpoint_is_the_same_network_without_segments(string prefix)
    {
        // The network of BERT whose segments add nothing.
        var expected = await EmbeddingsAsync(e =>
        {
            var at = e.Tensors.FindIndex(t => t.Name == "embeddings.token_type_embeddings.weight");
            e.Tensors[at] = e.Tensors[at] with { Data = new byte[e.Tensors[at].Data.Length] };
            return e;
        });
        await using var hub = new TinyHub { Settings = TinyModel.Settings with { Segments = 0 } };
        hub.Files["config.json"] = """{"model_type":"distilbert","n_layers":2,"dim":12,"n_heads":3,"hidden_dim":21,"vocab_size":30522,"max_position_embeddings":40,"activation":"gelu"}"""u8.ToArray();
        hub.Files[TinyHub.Weights] = SafetensorsEditor.Read(hub.Files[TinyHub.Weights]).Where(n => !n.Contains("token_type") && !n.Contains("pooler")).Rename(n => prefix + Distilled(n)).ToBytes();
        Assert.Equal(expected, await EmbeddingsAsync(hub));
    }

    [Fact]
    public async Task Seeded_weights_of_a_distilled_model_have_its_published_names()
    {
        await using var hub = new TinyHub { Settings = TinyModel.Settings with { Segments = 0 } };
        var artifact = await hub.PrepareAsync(WeightsSource.Seeded);
        var names = SafetensorsEditor.Read(await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, artifact.SafetensorsFile), TestContext.Current.CancellationToken)).Tensors.Select(t => t.Name).ToArray();
        Assert.Contains("transformer.layer.1.ffn.lin2.bias", names);
        Assert.DoesNotContain(names, n => n.Contains("token_type") || n.Contains("encoder.") || n.Contains("pooler"));
        Assert.Contains("\"distilbert\"", await File.ReadAllTextAsync(Path.Combine(artifact.Folder, "config.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { "two encoders", "holds 2 encoders, 'query.' and 'passage.'" },
        { "twice", "which are both encoder.layer.0.output.LayerNorm.weight" },
        { "other network", "encoder.layer.0.attention.self.query.weight is missing" },
        { "other sizes", "intermediate.dense.weight is F32[21, 12] where [22, 12] is due" },
        { "whole numbers", "embeddings.word_embeddings.weight is I8[30522, 12], where F32, F16, BF16 or F64 can be read" },
        { "no header", "cannot be used as a safetensors file" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    [Lane("slow")]
    public async Task What_cannot_be_used_is_refused_before_the_weights_are_fetched(string kind, string reason)
    {
        await using var hub = new TinyHub();
        var plain = SafetensorsEditor.Read(hub.Files[TinyHub.Weights]);
        var twice = plain.Rename(n => n);
        twice.Tensors.Add(("bert.encoder.layer.0.output.LayerNorm.gamma", "F32", [12], new byte[48]));
        hub.Files[TinyHub.Weights] = kind switch
        {
            "two encoders" => Both(plain).ToBytes(),
            "twice" => Twice(plain).ToBytes(),
            "other network" => plain.Rename(n => n.Replace("encoder.layer", "h")).ToBytes(),
            "whole numbers" => plain.Convert("I8").ToBytes(),
            "no header" => [.. new byte[100_000]],
            _ => hub.Files[TinyHub.Weights],
        };
        if (kind == "other sizes")
        {
            hub.Settings = TinyModel.Settings with { Intermediate = 22 };
            hub.Files["config.json"] = "{}"u8.ToArray();
        }
        var error = await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.InRange(hub.BytesAsked(TinyHub.Weights), 1, 1 << 16);
        Assert.True(hub.Files[TinyHub.Weights].Length > 1 << 16);
    }

    /// <summary>What the tensors do not show, and what would change every embedding.</summary>
    [Theory]
    [InlineData("\"position_embedding_type\":\"relative_key\"", "position_embedding_type is relative_key where absolute is due")]
    [InlineData("\"is_decoder\":true", "is_decoder is True where False is due")]
    [InlineData("\"model_type\":\"roberta\"", "model_type is roberta where bert is due")]
    [InlineData("\"model_type\":\"xlm-roberta\"", "model_type is xlm-roberta where bert is due")]
    [InlineData("\"model_type\":\"mpnet\"", "model_type is mpnet where bert is due")]
    [InlineData("\"hidden_act\":\"gelu_new\"", "hidden_act is gelu_new where gelu is due")]
    [InlineData("\"position_embedding_type\":\"absolute\",\"is_decoder\":false,\"add_cross_attention\":null", null)]
    [Lane("slow")]
    public async Task A_configuration_of_another_network_is_refused_before_the_weights_are_fetched(string member, string? reason)
    {
        await using var hub = new TinyHub();
        hub.Files["config.json"] = System.Text.Encoding.UTF8.GetBytes($"{{{member}}}");
        var failure = await Record.ExceptionAsync(() => hub.PrepareAsync());
        if (reason is null)
        {
            Assert.Null(failure);
            return;
        }
        Assert.Contains(reason, Assert.IsType<RunFailedException>(failure).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Requests, r => r.Path.EndsWith(TinyHub.Weights, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pytorch_model.bin", "lists no weights that can be read: config.json, vocab.txt, pytorch_model.bin")]
    [InlineData("model-00002-of-00003.safetensors", "not model-00001-of-00003.safetensors, model-00003-of-00003.safetensors")]
    public async Task A_card_without_readable_weights_is_refused_before_anything_is_asked_for(string file, string reason)
    {
        await using var hub = new TinyHub { Listed = ["config.json", "vocab.txt", file] };
        Assert.Contains(reason, (await Assert.ThrowsAsync<RunFailedException>(() => hub.PrepareAsync(WeightsSource.Auto))).Message, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    /// <summary>The embeddings of a tiny model whose published weights were changed, as the exported graph gives them.</summary>
    private static async Task<float[]> EmbeddingsAsync(Func<SafetensorsEditor, SafetensorsEditor> change)
    {
        await using var hub = new TinyHub();
        hub.Files[TinyHub.Weights] = change(SafetensorsEditor.Read(hub.Files[TinyHub.Weights])).ToBytes();
        return await EmbeddingsAsync(hub);
    }

    private static async Task<float[]> EmbeddingsAsync(TinyHub hub)
    {
        var artifact = await hub.PrepareAsync();
        using var session = EmbeddingSession.Load(artifact.Folder, new SessionSettings { IntraOpThreads = 1 });
        var tokenizer = EmbeddingSession.LoadTokenizer(artifact.Folder, session.Manifest);
        var answers = artifact.References.Take(4).SelectMany(reference =>
        {
            var (ids, mask, sequence) = tokenizer.EncodeBatch([reference.Text]);
            var embedding = new float[session.Dimensions];
            session.Run(ids, mask, 1, sequence, embedding);
            // The references are computed without the graph.
            for (var i = 0; i < embedding.Length; i++) Assert.Equal(reference.Embedding[i], embedding[i], 1e-4f);
            return embedding;
        });
        return [.. answers];
    }

    private static SafetensorsEditor Both(SafetensorsEditor plain)
    {
        var both = plain.Rename(n => $"query.{n}");
        both.Tensors.AddRange(plain.Rename(n => $"passage.{n}").Tensors);
        return both;
    }

    private static SafetensorsEditor Twice(SafetensorsEditor plain)
    {
        var twice = plain.Rename(n => n == "encoder.layer.0.output.LayerNorm.weight" ? "encoder.layer.0.output.LayerNorm.gamma" : n);
        twice.Tensors.Add(("transformer.layer.0.output_layer_norm.weight", "F32", [12], new byte[48]));
        return twice;
    }

    private static string Distilled(string name) => name.Replace("encoder.layer.", "transformer.layer.").Replace("attention.self.query", "attention.q_lin").Replace("attention.self.key", "attention.k_lin")
        .Replace("attention.self.value", "attention.v_lin").Replace("attention.output.dense", "attention.out_lin").Replace("attention.output.LayerNorm", "sa_layer_norm")
        .Replace("intermediate.dense", "ffn.lin1").Replace("output.dense", "ffn.lin2").Replace("output.LayerNorm", "output_layer_norm");
}
