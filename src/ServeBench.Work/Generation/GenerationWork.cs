using System.Collections.Concurrent;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Store;

namespace ServeBench.Work.Generation;

/// <summary>
/// A prompt in, the text that continues it out, token by token. An item is a whole continuation; the tokens of answers are counted beside
/// it, from their text (docs/decisions/0150).
/// </summary>
public sealed class GenerationWork : WorkKind
{
    public const string PayloadKind = "prompt";

    /// <summary>By which a protocol says where the text is.</summary>
    private const string TextKey = "text";

    private const int ShownCharacters = 40;

    /// <summary>A stream with any text in it has an event's name and its JSON around that.</summary>
    private const int LeastBytes = 16;

    private readonly ConcurrentDictionary<string, PromptTokens> _tokens = [];
    private readonly ConcurrentDictionary<string, IReadOnlyList<Reference>> _references = [];

    public override string Name => PayloadKind;

    public override Nouns Nouns { get; } = new("prompts", "completions");

    public override IReadOnlyList<string> Variables { get; } =
        [PromptRequest.PromptVariable, PromptRequest.OutputVariable, PromptRequest.IgnoreEndVariable];

    public override IReadOnlyList<AnswerValue> AnswerValues { get; } =
    [
        new(TextKey, AnswerForm.Text),
        new("prompt-tokens", AnswerForm.Count),
        new("completion-tokens", AnswerForm.Count),
    ];

    /// <summary>A token may be another one only where the reference was not sure of it.</summary>
    public override IReadOnlyList<Measure> Measures { get; } =
        [new(new("near-tie", 0, 100), "margin of the first token that differs", HigherIsBetter: false)];

    public override PayloadSpec Read(YamlMapping section) => PromptPayload.Read(section);

    public override string Describe(PayloadSpec payload) => Own(payload).Described;

    public override DrawnRequests Draw(PayloadSpec payload, string dataFolder, ModelArtifact model, long seed)
    {
        var spec = Own(payload);
        var positions = GenerationManifest.Read(model.Folder).Positions;
        if (spec.LongestPrompt + spec.LongestOutput > positions)
            throw new RunFailedException(
                $"The workload asks for sequences of {spec.LongestPrompt + spec.LongestOutput} tokens, and {model.Model} has {positions} "
                    + "positions",
                "Shorten prompt-tokens or output-tokens, or choose another model (--model)");
        var tokens = TokensOf(model);
        var corpus = File.ReadAllText(Path.Combine(dataFolder, spec.Corpus));
        var requests = PromptDraws.Cut(spec, corpus, text => tokens.Tokenizer.Encode(text).Length, tokens.Special, seed);
        return new DrawnRequests(requests, spec.Mix);
    }

    public override IReadOnlyList<Reference> References(ModelArtifact model) => _references.GetOrAdd(model.Folder, folder =>
    {
        var tokenizer = TokensOf(model).Tokenizer;
        return
        [
            .. GenerationManifest.Read(folder).References.Select(r => new Reference(
                Shown(r.Prompt),
                new PromptRequest(r.Prompt, r.Tokens.Count, IgnoresEnd: true) { LengthInTokens = r.PromptTokens.Count },
                new ExpectedContinuation(r.Tokens, r.Margins, tokenizer))),
        ];
    });

    public override IReadOnlyList<BadItem> BadItems(ModelArtifact model)
    {
        var manifest = GenerationManifest.Read(model.Folder);
        return manifest.References is [var first, ..]
            ? BadPrompts.Beside(first.Prompt, manifest.Positions, first.Tokens.Count)
            : [];
    }

    public override Closeness Compare(object expected, ServedAnswer answer, int item)
    {
        if (answer.Text is null) return Closeness.Not($"the protocol does not say where the text is (response.json.{TextKey})");
        var (margin, unusable) = ((ExpectedContinuation)expected).Compare(answer.Text);
        return unusable is null ? new Closeness(null, [margin]) : Closeness.Not(unusable);
    }

    public override IExpectations Expectations(ModelArtifact model) => new RawContinuations(model.Folder, TokensOf(model));

    public override int LeastBytesPerItem(ModelArtifact model) => LeastBytes;

    /// <summary>Most pieces are one token that comes again and again.</summary>
    public override Func<ReadOnlySpan<byte>, int> TextCounter(ModelArtifact model)
    {
        var tokenizer = TokensOf(model).Tokenizer;
        var known = new Dictionary<string, int>();
        return utf8 =>
        {
            var text = Encoding.UTF8.GetString(utf8);
            if (!known.TryGetValue(text, out var count)) known[text] = count = tokenizer.Encode(text).Length;
            return count;
        };
    }

    public override bool HasRawRuntime => true;

    public override IRawRuntime RawRuntime(ModelArtifact model, IReadOnlyList<WorkRequest> requests, RawOptions options)
    {
        var tokens = TokensOf(model);
        var session = DecoderSession.Load(
            model.Folder, GenerationManifest.Read(model.Folder), new SessionSettings { IntraOpThreads = options.Threads });
        return new ContinuationLoop(
            new DecoderSteps(session), requests.Cast<PromptRequest>().Select(r => (tokens.Of(r.Prompt), r.OutputTokens)), options.Time);
    }

    public override string NullAnswer(ModelArtifact model, int items) => NullCompletion.Event;

    public override int NullEvents(IReadOnlyList<WorkRequest> requests) => requests.Cast<PromptRequest>().Max(r => r.OutputTokens);

    private PromptTokens TokensOf(ModelArtifact model) => _tokens.GetOrAdd(model.Folder, PromptTokens.Load);

    private static PromptPayload Own(PayloadSpec payload) => payload as PromptPayload
        ?? throw new ArgumentException($"a payload of kind {payload.Kind} holds no prompts", nameof(payload));

    private static string Shown(string prompt)
    {
        var line = string.Concat(prompt.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= ShownCharacters ? $"\"{line}\"" : $"\"{line[..ShownCharacters]}...\"";
    }
}
