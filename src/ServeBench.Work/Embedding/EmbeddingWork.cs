using System.Collections.Concurrent;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Embedding;

/// <summary>Texts in, one vector for each out.</summary>
public sealed class EmbeddingWork : WorkKind
{
    public const string PayloadKind = "text";

    /// <summary>By which a protocol says where the vectors are.</summary>
    private const string VectorKey = "embedding";

    private const int ShownCharacters = 40;

    private readonly ConcurrentDictionary<string, WordPieceTokenizer> _tokenizers = [];

    public override string Name => PayloadKind;

    public override Nouns Nouns { get; } = new("texts", "embeddings");

    public override IReadOnlyList<string> Variables { get; } = [TextRequest.AllVariable, TextRequest.OneVariable];

    public override IReadOnlyList<AnswerValue> AnswerValues { get; } =
        [new(VectorKey, AnswerForm.Vectors), new("input-tokens", AnswerForm.Count)];

    public override IReadOnlyList<Measure> Measures => VectorMeasures.All;

    public override PayloadSpec Read(YamlMapping section) => TextPayload.Read(section);

    public override string Describe(PayloadSpec payload) => Own(payload).Described;

    public override DrawnRequests Draw(PayloadSpec payload, string dataFolder, ModelArtifact model, long seed)
    {
        var spec = Own(payload);
        var corpus = File.ReadAllText(Path.Combine(dataFolder, spec.Corpus));
        var tokenizer = TokenizerOf(model);
        var requests = TextPayloads.Cut(spec, corpus, text => tokenizer.CountTokens(text), seed);
        return new DrawnRequests(
            [.. requests.Select(texts => new TextRequest(texts))], LengthSequence.RequestsOfMix(spec.Lengths, spec.ItemsPerRequest));
    }

    public override IReadOnlyList<Reference> References(ModelArtifact model) =>
        [
            .. EmbeddingManifest.Read(model.Folder).References
                .Select(r => new Reference(Shown(r.Text), new TextRequest([r.Text]), r.Embedding)),
        ];

    public override IReadOnlyList<BadItem> BadItems(ModelArtifact model) =>
        EmbeddingManifest.Read(model.Folder).References is [var first, var second, ..] ? BadTexts.Between(first.Text, second.Text) : [];

    public override Closeness Compare(object expected, ServedAnswer answer, int item) =>
        answer.Vectors.TryGetValue(VectorKey, out var vectors)
            ? VectorMeasures.Compare((IReadOnlyList<float>)expected, vectors[item])
            : Closeness.Not($"the protocol does not say where the embeddings are (response.json.{VectorKey})");

    public override IExpectations Expectations(ModelArtifact model) => new RawEmbeddings(model.Folder);

    /// <summary>A number takes two bytes at least, as text with its comma or as base64.</summary>
    public override int LeastBytesPerItem(ModelArtifact model) => 2 * Dimensions(model);

    public override bool HasRawRuntime => true;

    public override IRawRuntime RawRuntime(ModelArtifact model, IReadOnlyList<WorkRequest> requests, RawOptions options)
    {
        var tokenizer = TokenizerOf(model);
        var inputs = requests.Cast<TextRequest>().SelectMany(r => r.Texts).Select(text => Encode(tokenizer, text));
        return EmbeddingLoop.Over(
            EmbeddingSession.Load(model.Folder, new SessionSettings { IntraOpThreads = options.Threads }), inputs, options);
    }

    public override string NullAnswer(ModelArtifact model, int items) => NullEmbeddings.Body(Dimensions(model), items);

    /// <summary>The token ids of a text as the model's own tokenizer gives them, special tokens included.</summary>
    internal static long[] Encode(WordPieceTokenizer tokenizer, string text)
    {
        Span<long> ids = new long[tokenizer.MaximumTokens];
        return ids[..tokenizer.Encode(text, ids)].ToArray();
    }

    private WordPieceTokenizer TokenizerOf(ModelArtifact model) =>
        _tokenizers.GetOrAdd(model.Folder, folder => EmbeddingSession.LoadTokenizer(folder, EmbeddingManifest.Read(folder)));

    private static int Dimensions(ModelArtifact model) => EmbeddingManifest.Read(model.Folder).Dimensions;

    private static TextPayload Own(PayloadSpec payload) => payload as TextPayload
        ?? throw new ArgumentException($"a payload of kind {payload.Kind} holds no texts", nameof(payload));

    private static string Shown(string text) => text.Length <= ShownCharacters ? $"\"{text}\"" : $"\"{text[..ShownCharacters]}...\"";
}
