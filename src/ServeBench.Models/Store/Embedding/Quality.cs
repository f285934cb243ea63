using System.Numerics.Tensors;
using ServeBench.Models.Inference;
using ServeBench.Models.References;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Store;

/// <summary>Measures what a model of lesser precision loses.</summary>
internal static class Quality
{
    /// <summary>Runs a model over its reference inputs, one at a time, and compares with their single-precision answers.</summary>
    public static ManifestQuality Measure(string folder, EmbeddingManifest manifest, WordPieceTokenizer tokenizer)
    {
        using var session = EmbeddingSession.Load(folder, manifest, new SessionSettings());
        var embedding = new float[manifest.Dimensions];
        var (leastCosine, maximumDifference) = (1.0, 0.0);
        foreach (var reference in manifest.References)
        {
            var (ids, mask, sequence) = tokenizer.EncodeBatch([reference.Text]);
            session.Run(ids, mask, 1, sequence, embedding);
            float[] expected = [.. reference.Embedding];
            leastCosine = Math.Min(leastCosine, TensorPrimitives.CosineSimilarity<float>(embedding, expected));
            maximumDifference = Math.Max(maximumDifference, expected.Zip(embedding, (a, b) => Math.Abs(a - b)).Max());
        }
        return new ManifestQuality(leastCosine, maximumDifference, session.Runtime);
    }

    /// <summary>Orders the pairs of sentences by the likeness of their embeddings, and compares that order with two others.</summary>
    /// <param name="reference">The cosines of the same weights in double precision.</param>
    public static ManifestSimilarity Similarity(string folder, EmbeddingManifest manifest, WordPieceTokenizer tokenizer, double[] reference)
    {
        using var session = EmbeddingSession.Load(folder, manifest, new SessionSettings());
        var embeddings = SimilarityPairs.Sentences.Select(text =>
        {
            var (ids, mask, sequence) = tokenizer.EncodeBatch([text]);
            var embedding = new float[manifest.Dimensions];
            session.Run(ids, mask, 1, sequence, embedding);
            return Array.ConvertAll(embedding, v => (double)v);
        }).ToArray();
        var cosines = SimilarityPairs.Cosines(embeddings);
        return new ManifestSimilarity(
            cosines.Length,
            RankCorrelation.Spearman(cosines, reference),
            RankCorrelation.Spearman(cosines, SimilarityPairs.Grades),
            RankCorrelation.Spearman(reference, SimilarityPairs.Grades), session.Runtime);
    }
}
