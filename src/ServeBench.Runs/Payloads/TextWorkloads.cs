using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Runs.Payloads;

/// <summary>The texts of every workload for every model, cut once.</summary>
public sealed class TextWorkloads(Catalogue catalogue, SeedRecord seeds)
{
    private readonly Dictionary<(string, string), WorkloadPayloads> _payloads = [];
    private readonly Dictionary<string, WordPieceTokenizer> _tokenizers = [];

    public WorkloadPayloads Of(Workload workload, ModelArtifact model)
    {
        if (_payloads.TryGetValue((workload.Name, model.Folder), out var known)) return known;
        if (workload.Payload is not TextPayload spec) throw new NotSupportedException($"{workload.Name} has {workload.Payload.Kind} payloads, not texts");
        var corpus = File.ReadAllText(Path.Combine(catalogue.Folders.Data, spec.Corpus));
        var tokenizer = TokenizerOf(model);
        var requests = TextPayloads.Cut(spec, corpus, text => tokenizer.CountTokens(text), seeds.Payload);
        return _payloads[(workload.Name, model.Folder)] = new WorkloadPayloads(model.Model, requests, LengthSequence.RequestsOfMix(spec));
    }

    /// <summary>The token ids of a text as the model's own tokenizer gives them, special tokens included.</summary>
    public long[] Encode(ModelArtifact model, string text)
    {
        var tokenizer = TokenizerOf(model);
        Span<long> ids = new long[tokenizer.MaximumTokens];
        return ids[..tokenizer.Encode(text, ids)].ToArray();
    }

    private WordPieceTokenizer TokenizerOf(ModelArtifact model) => _tokenizers.TryGetValue(model.Folder, out var known)
        ? known
        : _tokenizers[model.Folder] = EmbeddingSession.LoadTokenizer(model.Folder, ModelManifest.Read(model.Folder));
}
