using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Work.Generation;

/// <summary>The raw runtime's own greedy continuation of any prompt, computed once for each; several together take less time.</summary>
internal sealed class RawContinuations : IExpectations
{
    /// <summary>Tokens of a prompt that go in at once.</summary>
    private const int Part = 256;

    private readonly DecoderSession _session;
    private readonly PromptTokens _tokens;
    private readonly Dictionary<(string Prompt, int OutputTokens), ExpectedContinuation> _known = [];

    /// <param name="modelFolder">Folder of a prepared model.</param>
    /// <param name="tokens">Its tokenizer.</param>
    public RawContinuations(string modelFolder, PromptTokens tokens)
    {
        _session = DecoderSession.Load(modelFolder, GenerationManifest.Read(modelFolder), new SessionSettings());
        _tokens = tokens;
    }

    /// <summary>A request that does not ask for a fixed length ends where the model ends its text, which is a token without text.</summary>
    public void Prepare(IReadOnlyList<WorkRequest> requests)
    {
        PromptRequest[] missing =
            [.. requests.Cast<PromptRequest>().Where(r => !_known.ContainsKey(KeyOf(r))).DistinctBy(KeyOf)];
        if (missing.Length == 0) return;
        var given = GreedyRun.ContinueWithMargins(
            _session, [.. missing.Select(r => _tokens.Of(r.Prompt))], missing.Max(r => r.OutputTokens), Part);
        foreach (var (request, continuation) in missing.Zip(given))
        {
            var tokens = continuation.Tokens.Take(request.OutputTokens).ToArray();
            if (!request.IgnoresEnd && Array.IndexOf(tokens, _tokens.End) is >= 0 and var end) tokens = tokens[..end];
            _known[KeyOf(request)] = new ExpectedContinuation(tokens, continuation.Margins, _tokens.Tokenizer);
        }
    }

    public IReadOnlyList<object> Of(WorkRequest request)
    {
        Prepare([request]);
        return [_known[KeyOf((PromptRequest)request)]];
    }

    public void Dispose() => _session.Dispose();

    private static (string, int) KeyOf(PromptRequest request) => (request.Prompt, request.OutputTokens);
}

/// <summary>Makes the tokens of a model's prompts.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Begin">The token before every prompt; null where there is none.</param>
/// <param name="End">The token that ends a text.</param>
internal sealed record PromptTokens(ByteLevelTokenizer Tokenizer, int? Begin, int End)
{
    /// <summary>Tokens that every prompt has beside those of its text.</summary>
    public int Special => Begin is null ? 0 : 1;

    /// <summary>Of a prepared model.</summary>
    public static PromptTokens Load(string folder)
    {
        var manifest = GenerationManifest.Read(folder);
        return new PromptTokens(ByteLevelTokenizer.Load(folder), manifest.Tokenizer.Begin, manifest.Tokenizer.End);
    }

    public int[] Of(string prompt) => Begin is { } begin ? [begin, .. Tokenizer.Encode(prompt)] : Tokenizer.Encode(prompt);
}
