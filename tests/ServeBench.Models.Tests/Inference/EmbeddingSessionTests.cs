using System.Numerics.Tensors;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Inference;

public sealed class EmbeddingSessionTests(PreparedMiniLm model)
{
    [Fact]
    public void The_exported_model_answers_the_references_computed_in_double_precision()
    {
        foreach (var reference in model.Artifact.References)
        {
            var embedding = Embed([reference.Text])[0];
            var difference = reference.Embedding.Zip(embedding, (expected, actual) => Math.Abs(expected - actual)).Max();
            Assert.True(difference <= 1e-5, $"'{reference.Text}' differs by {difference}");
        }
    }

    [Fact]
    [Lane("slow")]
    public void A_padded_batch_gives_what_each_text_gives_alone()
    {
        var texts = model.Artifact.References.Select(r => r.Text).ToArray();
        var together = Embed(texts);
        for (var t = 0; t < texts.Length; t++)
        {
            var difference = together[t].Zip(Embed([texts[t]])[0], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference <= 2e-6, $"'{texts[t]}' differs by {difference} when padded");
        }
    }

    [Fact]
    public void Different_texts_get_clearly_different_embeddings()
    {
        var references = model.Artifact.References;
        for (var a = 0; a < references.Count; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var cosine = TensorPrimitives.CosineSimilarity(references[a].Embedding.ToArray(), references[b].Embedding.ToArray());
                Assert.True(cosine < 0.8, $"'{references[a].Text}' and '{references[b].Text}' have cosine {cosine}");
            }
        }
    }

    [Fact]
    [Lane("slow")]
    public async Task Many_threads_may_run_one_session()
    {
        var texts = model.Artifact.References.Select(r => r.Text).ToArray();
        var expected = texts.Select(t => Embed([t])[0]).ToArray();
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
        {
            Assert.Equal(expected[i % texts.Length], Embed([texts[i % texts.Length]])[0]);
            return ValueTask.CompletedTask;
        });
    }

    [Theory]
    [InlineData(0, 4, 4, 384)]
    [InlineData(1, 0, 4, 384)]
    [InlineData(2, 4, 4, 768)]
    [InlineData(1, 4, 4, 383)]
    public void Memory_that_does_not_fit_the_batch_is_refused(int batch, int sequence, int given, int room)
    {
        var error = Assert.Throws<ArgumentException>(() => model.Session.Run(new long[given], new long[given], batch, sequence, new float[room]));
        Assert.Contains($"{batch} x {sequence}", error.Message, StringComparison.Ordinal);
    }

    private float[][] Embed(string[] texts)
    {
        var (ids, mask, sequence) = model.Tokenizer.EncodeBatch(texts);
        var embeddings = new float[texts.Length * model.Session.Dimensions];
        model.Session.Run(ids, mask, texts.Length, sequence, embeddings);
        return [.. embeddings.Chunk(model.Session.Dimensions)];
    }
}
