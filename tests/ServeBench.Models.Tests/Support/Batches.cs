using ServeBench.Models.Inference;

namespace ServeBench.Models.Tests.Support;

/// <summary>Batches of token sequences for sessions under test.</summary>
internal static class Batches
{
    /// <summary>A pseudo-random sequence of token ids; the recording scripts draw the same.</summary>
    public static int[] Sequence(int seed, int length)
    {
        var numbers = new SplitMix((ulong)seed);
        return [.. Enumerable.Range(0, length).Select(_ => numbers.Below(30522))];
    }

    /// <summary>Embeds sequences as one batch, padded on the right.</summary>
    public static float[][] Embed(EmbeddingSession session, int[][] sequences, int padding = 0)
    {
        var longest = sequences.Max(s => s.Length);
        var ids = sequences.SelectMany(s => s.Concat(Enumerable.Repeat(padding, longest - s.Length))).Select(i => (long)i).ToArray();
        var mask = sequences.SelectMany(s => Enumerable.Range(0, longest).Select(i => i < s.Length ? 1L : 0L)).ToArray();
        var embeddings = new float[sequences.Length * session.Dimensions];
        session.Run(ids, mask, sequences.Length, longest, embeddings);
        return [.. embeddings.Chunk(session.Dimensions)];
    }
}
