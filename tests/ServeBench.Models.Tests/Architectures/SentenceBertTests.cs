using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures;

/// <summary>The same for sentence-bert-base: twice the layers and twice the width.</summary>
[Lane("slow")]
public sealed class SentenceBertTests(PreparedSentenceBert model) : IClassFixture<PreparedSentenceBert>
{
    public static TheoryData<int> Lengths { get; } = new(Agreement.Lengths);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_length_agrees_with_double_precision(int length) => Agreement.WithDoublePrecision(model, [Batches.Sequence(length, length)]);

    [Fact]
    public void Ragged_batches_agree_with_double_precision() => Agreement.WithDoublePrecision(model, Agreement.Ragged);

    [Fact]
    public void The_PyTorch_network_answers_the_same() => Agreement.WithPyTorch(model);
}
