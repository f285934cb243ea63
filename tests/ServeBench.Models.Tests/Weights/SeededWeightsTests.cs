using System.Security.Cryptography;
using ServeBench.Domain.Models;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Weights;

public sealed class SeededWeightsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_every_machine()
    {
        using var stream = new MemoryStream();
        SeededWeights.Write(
            stream,
            [
                new TensorSpec("noise", TensorType.F32, [100, 300], Initialisation.Around1(50)),
                new TensorSpec("linear", TensorType.F32, [7, 384], Initialisation.Linear(384)),
                new TensorSpec("ids", TensorType.I64, [1, 5], new Initialisation.Counting()),
            ],
            seed: 20261);
        // Changing this value changes every published number that was measured with seeded weights: SeededWeights.Version must change with it.
        Assert.Equal("5a200554447d07612d4827df285968cf2584eea64e6d87872647b133daa4a3f7", Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())));
    }

    [Fact]
    public void Values_have_the_mean_and_deviation_asked_for()
    {
        var values = new float[1_000_000];
        new SeededNoise(1, "tensor").Fill(new Initialisation.Noise(Initialisation.One / 2, Initialisation.One / 4), 0, values);
        var mean = values.Average(v => (double)v);
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(0.5, mean, 0.001);
        Assert.Equal(0.25, deviation, 0.001);
        Assert.True(values.Max() < 0.5 + (3.47 * 0.25) && values.Max() > 0.5 + (3.2 * 0.25), "four uniform numbers reach at most 3.46 deviations");
    }

    [Fact]
    public void A_tensor_may_be_drawn_in_parts()
    {
        var noise = new Initialisation.Noise(0, Initialisation.One);
        var whole = new float[1000];
        var part = new float[300];
        new SeededNoise(5, "tensor").Fill(noise, 0, whole);
        new SeededNoise(5, "tensor").Fill(noise, 700, part);
        Assert.Equal(whole[700..], part);
    }

    [Fact]
    public void Rows_in_pairs_sum_to_zero_and_may_be_drawn_in_parts()
    {
        var noise = (Initialisation.PairedRows)Initialisation.BalancedByInputs(inputs: 40, outputs: 7);
        var whole = new float[280];
        var part = new float[100];
        new SeededNoise(5, "tensor").Fill(noise, 0, whole);
        new SeededNoise(5, "tensor").Fill(noise, 100, part);
        Assert.Equal(whole[100..200], part);
        for (var i = 0; i < 280; i++) Assert.Equal(0, whole[i] + whole[(((i / 7) ^ 1) * 7) + (i % 7)]);
        Assert.True(whole.Distinct().Count() > 200);
    }

    [Fact]
    public void Seeds_and_tensors_draw_different_values()
    {
        Assert.True(Correlation(1, "a", 2, "a") < 0.01);
        Assert.True(Correlation(1, "a", 1, "b") < 0.01);
        Assert.Equal(1, Correlation(1, "a", 1, "a"), 0.001);
    }

    [Fact]
    public void A_seeded_checkpoint_has_the_published_ones_tensors()
    {
        var card = Repository.Card("all-MiniLM-L6-v2");
        var tensors = Models.Architectures.KnownArchitectures.Of(card).Tensors(card.Export);
        // The published file has 104 tensors, of which one holds the position ids, and 22,713,728 numbers in all.
        Assert.Equal(104, tensors.Count);
        Assert.Equal(22_713_728, tensors.Sum(t => t.Elements));
        Assert.Contains(tensors, t => t is { Name: "encoder.layer.5.attention.self.query.weight", Shape: [384, 384] });
        Assert.Contains(tensors, t => t is { Name: "embeddings.word_embeddings.weight", Shape: [30522, 384] });
    }

    [Fact]
    public void The_larger_model_has_the_published_sizes_and_locks_its_revision()
    {
        var card = Repository.Card("sentence-bert-base");
        var tensors = Models.Architectures.KnownArchitectures.Of(card).Tensors(card.Export);
        // BERT base: 109,482,240 parameters in 199 tensors.
        Assert.Equal((199, 109_482_240), (tensors.Count, tensors.Sum(t => t.Elements)));
        Assert.Equal(ModelSource.LockedAtFirstDownload, card.Source.Revision);
    }

    private static double Correlation(int seedA, string nameA, int seedB, string nameB)
    {
        var (a, b) = (new float[100_000], new float[100_000]);
        new SeededNoise(seedA, nameA).Fill(new Initialisation.Noise(0, Initialisation.One), 0, a);
        new SeededNoise(seedB, nameB).Fill(new Initialisation.Noise(0, Initialisation.One), 0, b);
        return Math.Abs(System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(a, b));
    }
}
