using ServeBench.Models.Architectures;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures;

/// <summary>The exported graph in ONNX Runtime against the double-precision computation that shares no code with it.</summary>
public sealed class BertEncoderTests(PreparedMiniLm model)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(128)]
    [InlineData(512)]
    public void Every_length_agrees_with_double_precision(int length)
    {
        var sequence = Batches.Sequence(length, length);
        Check([sequence], Batches.Embed(model.Session, [sequence]));
    }

    [Fact]
    public void Ragged_batches_agree_with_double_precision()
    {
        int[][] sequences = [Batches.Sequence(3, 7), Batches.Sequence(4, 1), Batches.Sequence(5, 64), Batches.Sequence(6, 2), Batches.Sequence(7, 33)];
        Check(sequences, Batches.Embed(model.Session, sequences));
    }

    [Fact]
    public void Padding_tokens_may_be_anything()
    {
        int[][] sequences = [Batches.Sequence(3, 20), Batches.Sequence(4, 5)];
        Assert.Equal(Batches.Embed(model.Session, sequences), Batches.Embed(model.Session, sequences, padding: 29000));
    }

    [Fact]
    public void Settings_of_another_architecture_are_refused() =>
        Assert.Throws<ArgumentException>(() => new BertEncoder().Tensors("not settings"));

    private void Check(int[][] sequences, float[][] embeddings)
    {
        var card = Repository.Card("all-MiniLM-L6-v2");
        using var weights = SafetensorsFile.Open(Path.Combine(model.Artifact.Folder, model.Artifact.SafetensorsFile));
        var expected = new BertEncoder().Reference(card.Export, weights, sequences);
        for (var s = 0; s < sequences.Length; s++)
        {
            var difference = expected[s].Zip(embeddings[s], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference <= 1e-5, $"length {sequences[s].Length} differs by {difference}");
        }
    }
}
