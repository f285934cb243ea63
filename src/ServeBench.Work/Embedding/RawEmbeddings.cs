using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Work.Embedding;

/// <summary>The raw runtime's own embedding of any text, computed once for each.</summary>
internal sealed class RawEmbeddings : IExpectations
{
    private readonly EmbeddingSession _session;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly Dictionary<string, float[]> _known = [];

    /// <param name="modelFolder">Folder of a prepared model.</param>
    public RawEmbeddings(string modelFolder)
    {
        var manifest = EmbeddingManifest.Read(modelFolder);
        _session = EmbeddingSession.Load(modelFolder, manifest, new SessionSettings());
        _tokenizer = EmbeddingSession.LoadTokenizer(modelFolder, manifest);
    }

    public IReadOnlyList<object> Of(WorkRequest request) => [.. ((TextRequest)request).Texts.Select(Embedding)];

    public void Dispose() => _session.Dispose();

    private float[] Embedding(string text)
    {
        if (_known.TryGetValue(text, out var known)) return known;
        var ids = EmbeddingWork.Encode(_tokenizer, text);
        var mask = new long[ids.Length];
        Array.Fill(mask, 1);
        var embedding = new float[_session.Dimensions];
        _session.Run(ids, mask, 1, ids.Length, embedding);
        return _known[text] = embedding;
    }
}
