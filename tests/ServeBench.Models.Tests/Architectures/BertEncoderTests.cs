using ServeBench.Models.Architectures;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures;

/// <summary>The exported graph of all-MiniLM-L6-v2 in ONNX Runtime against computations that share no code with it.</summary>
[Lane("slow")]
public sealed class BertEncoderTests(PreparedMiniLm model)
{
    public static TheoryData<int> Lengths { get; } = new(Agreement.Lengths);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_length_agrees_with_double_precision(int length) => Agreement.WithDoublePrecision(model, [Batches.Sequence(length, length)]);

    [Fact]
    public void Ragged_batches_agree_with_double_precision() => Agreement.WithDoublePrecision(model, Agreement.Ragged);

    [Fact]
    public void The_PyTorch_network_answers_the_same() => Agreement.WithPyTorch(model);

    [Fact]
    public void Padding_tokens_may_be_anything()
    {
        int[][] sequences = [Batches.Sequence(3, 20), Batches.Sequence(4, 5)];
        Assert.Equal(Batches.Embed(model.Session, sequences), Batches.Embed(model.Session, sequences, padding: 29000));
    }

    [Fact]
    public void Settings_of_another_architecture_are_refused() =>
        Assert.Throws<ArgumentException>(() => new BertEncoder().Tensors("not settings"));
}
