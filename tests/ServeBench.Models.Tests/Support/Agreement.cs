using System.Runtime.InteropServices;
using ServeBench.Models.Architectures;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Tests.Support;

/// <summary>The exported graph in ONNX Runtime against two computations that share no code with it.</summary>
internal static class Agreement
{
    /// <summary>On any component of a normalised embedding.</summary>
    private const double MostDifference = 1e-5;

    /// <summary>Lengths of single sequences, each a batch of its own.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [1, 2, 31, 128, 512];

    /// <summary>Sequences of different lengths in one batch.</summary>
    public static int[][] Ragged { get; } = [Batches.Sequence(3, 7), Batches.Sequence(4, 1), Batches.Sequence(5, 64), Batches.Sequence(6, 2), Batches.Sequence(7, 33)];

    /// <summary>Against the forward pass in double precision on the same weights.</summary>
    public static void WithDoublePrecision(PreparedCard model, int[][] sequences)
    {
        var embeddings = Batches.Embed(model.Session, sequences);
        using var weights = SafetensorsFile.Open(Path.Combine(model.Artifact.Folder, model.Artifact.SafetensorsFile));
        var expected = new BertEncoder().Reference(Repository.Card(model.Name).Export, weights, sequences);
        for (var s = 0; s < sequences.Length; s++) Check(expected[s], embeddings[s], $"length {sequences[s].Length}");
    }

    /// <summary>Against what the PyTorch network answered on the same weights, recorded by Recording/embeddings.py.</summary>
    public static void WithPyTorch(PreparedCard model)
    {
        var file = Path.Combine(Repository.Root, "tests", "ServeBench.Models.Tests", "Vectors", $"{model.Name}.embeddings");
        var recorded = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray().Chunk(model.Session.Dimensions).ToArray();
        int[][][] batches = [.. Lengths.Select(length => new[] { Batches.Sequence(length, length) }), Ragged];
        var answers = batches.SelectMany(batch => Batches.Embed(model.Session, batch)).ToArray();
        Assert.Equal(recorded.Length, answers.Length);
        for (var a = 0; a < answers.Length; a++) Check(Array.ConvertAll(recorded[a], v => (double)v), answers[a], $"embedding {a}");
    }

    private static void Check(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(difference <= MostDifference, $"{what} differs by {difference}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: largest difference {difference:0.0e0}");
    }
}
