using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Yaml;
using ServeBench.Models.Architectures;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Store;

/// <summary>Whatever decides a prepared model decides its folder: two models in one folder would be taken for each other.</summary>
public sealed class PreparationPlanTests
{
    private static readonly ModelCard Card = Repository.Card("all-MiniLM-L6-v2");

    [Fact]
    public void Every_field_of_a_model_card_that_decides_changes_the_folder()
    {
        var card = Card with
        {
            Export = new Stages([3, 4, 6, 3], new TokenizerSettings("wordpiece", true, 256)),
            ParityByPrecision = new Dictionary<string, ParityLimits> { ["int8"] = Card.Parity },
        };
        var unchanged = Plan(card);
        var seen = new HashSet<string> { unchanged.Variant };
        var exports = 0;
        foreach (var (place, changed, counts) in Variations.Of(card))
        {
            var plan = Plan(changed);
            if (counts) Assert.True(seen.Add(plan.Variant), $"{place} decides, but the folder is that of another card");
            else Assert.True(plan.Variant == unchanged.Variant, $"{place} decides nothing, but the folder changes with it");
            var decidesAnswers = place.Contains(".Export", StringComparison.Ordinal);
            Assert.Equal(decidesAnswers, plan.ExportKey != unchanged.ExportKey);
            if (decidesAnswers) exports++;
        }
        Assert.True(exports >= 8, $"only {exports} changes of the export were tried");
    }

    [Fact]
    public void Lists_of_the_same_length_have_folders_of_their_own()
    {
        PreparationPlan With(params int[] blocks) => Plan(Card with { Export = new Stages(blocks, new TokenizerSettings("wordpiece", true, 256)) });
        Assert.NotEqual(With(3, 4, 6, 3).Variant, With(3, 4, 23, 3).Variant);
        Assert.NotEqual(With(3, 4, 6, 3).ExportKey, With(3, 4, 23, 3).ExportKey);
    }

    [Fact]
    public void Weights_precision_and_the_code_of_the_architecture_decide_the_folder()
    {
        string[] folders =
        [
            Plan(Card).Variant, Plan(Card, checkpoint: "others").Variant, Plan(Card, version: "2").Variant, Plan(Card, precision: "fp16").Variant,
        ];
        Assert.Equal(folders.Length, folders.Distinct().Count());
        Assert.Equal(folders[0], Plan(Card).Variant);
    }

    [Fact]
    public void Seeded_weights_are_others_with_another_seed_or_another_tensor()
    {
        string Identity(int seed, params TensorSpec[] tensors) => new SeededCheckpoint("/models", Card with { WeightsSeed = seed }, new Encoder("1", tensors)).Identity;
        TensorSpec tensor = new("a", TensorType.F32, [2, 3], new Initialisation.Noise(0, 1));
        string[] all = [Identity(1, tensor), Identity(2, tensor), .. Variations.Of(tensor).Where(v => v.Counts).Select(v => Identity(1, v.Changed))];
        Assert.True(all.Length >= 9, $"only {all.Length} were tried");
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    private static PreparationPlan Plan(ModelCard card, string checkpoint = "weights", string version = "1", string precision = "fp32") =>
        new(card, new Encoder(version, []), new FakeCheckpoint(checkpoint), KnownPrecisions.All.Single(p => p.Name == precision));

    /// <summary>What a residual network's export would hold.</summary>
    private sealed record Stages(IReadOnlyList<int> Blocks, TokenizerSettings Tokenizer);

    private sealed class FakeCheckpoint(string identity) : Checkpoint("/weights")
    {
        public override string Weights => WeightsSource.Seeded;

        public override string Identity => identity;

        public override ManifestFile Ensure(string scratch, IRunObserver observer) => throw new NotSupportedException();
    }

    private sealed class Encoder(string version, IReadOnlyList<TensorSpec> tensors) : ITextEncoder
    {
        public string Name => "stages";

        public string Version => version;

        public IReadOnlyList<TensorSpec> Tensors(object settings) => tensors;

        public IReadOnlyList<(string Key, object Value)> Configuration(object settings) => [];

        public TokenizerSettings Tokenizer(object settings) => new("wordpiece", true, 256);

        public object Read(YamlMapping section, string folder) => throw new NotSupportedException();

        public void Alias(TensorDirectory checkpoint) => throw new NotSupportedException();

        public void Build(object settings, GraphBuilder graph) => throw new NotSupportedException();

        public string Pooling(object settings) => throw new NotSupportedException();

        public int Dimensions(object settings) => throw new NotSupportedException();

        public IReadOnlyList<double[]> Reference(object settings, SafetensorsFile weights, IReadOnlyList<int[]> sequences) => throw new NotSupportedException();
    }
}
