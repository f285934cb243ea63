using ServeBench.Domain.Models;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;

namespace ServeBench.Runs.Loading;

/// <summary>One answer checker per model, with the raw runtime behind it.</summary>
internal sealed class CheckerPool(IReadOnlyDictionary<string, ModelArtifact> models) : IDisposable
{
    private readonly Dictionary<string, AnswerChecker> _checkers = [];
    private readonly List<EmbeddingSession> _sessions = [];

    public AnswerChecker Of(string model)
    {
        if (_checkers.TryGetValue(model, out var known)) return known;
        var folder = models[model].Folder;
        var manifest = ModelManifest.Read(folder);
        var session = EmbeddingSession.Load(folder, manifest, new SessionSettings());
        _sessions.Add(session);
        var tokenizer = EmbeddingSession.LoadTokenizer(folder, manifest);
        return _checkers[model] = new AnswerChecker(text =>
        {
            var ids = new long[tokenizer.MaximumTokens];
            var length = tokenizer.Encode(text, ids.AsSpan());
            var mask = new long[length];
            Array.Fill(mask, 1);
            var embedding = new float[session.Dimensions];
            session.Run(ids.AsSpan(0, length), mask, 1, length, embedding);
            return embedding;
        });
    }

    public void Dispose()
    {
        foreach (var session in _sessions) session.Dispose();
    }
}
