using System.Runtime.InteropServices;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Architectures;

/// <summary>The exported graph in ONNX Runtime against the PyTorch network on the same weights, recorded by Recording/embeddings.py.</summary>
public sealed class RecordedEmbeddingTests(PreparedMiniLm model)
{
    [Fact]
    public void The_exported_model_answers_as_the_PyTorch_network_does()
    {
        var recorded = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "ServeBench.Models.Tests", "Vectors", "all-MiniLM-L6-v2.embeddings"))).ToArray();
        int[][][] batches =
        [
            .. new[] { 1, 2, 31, 128, 512 }.Select(length => new[] { Batches.Sequence(length, length) }),
            [Batches.Sequence(3, 7), Batches.Sequence(4, 1), Batches.Sequence(5, 64), Batches.Sequence(6, 2), Batches.Sequence(7, 33)],
        ];
        var answers = batches.SelectMany(batch => Batches.Embed(model.Session, batch)).ToArray();
        Assert.Equal(recorded.Length, answers.Length * model.Session.Dimensions);
        for (var a = 0; a < answers.Length; a++)
        {
            var difference = recorded.Skip(a * model.Session.Dimensions).Zip(answers[a], (x, y) => Math.Abs(x - y)).Max();
            Assert.True(difference <= 1e-5, $"embedding {a} differs by {difference}");
        }
    }
}
