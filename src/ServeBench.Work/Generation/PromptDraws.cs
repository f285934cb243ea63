using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Generation;

/// <summary>
/// Cuts the prompts of a workload out of a corpus: consecutive words from seeded positions, each prompt with exactly the number of tokens
/// that was drawn for it, and so many to be added. The same seed gives the same prompts everywhere.
/// </summary>
internal static class PromptDraws
{
    /// <param name="spec">Lengths, and how many requests.</param>
    /// <param name="corpus">The text that is cut.</param>
    /// <param name="countTokens">Tokens of a text alone.</param>
    /// <param name="special">Tokens that a server puts before every prompt; they count as the prompt's.</param>
    /// <param name="seed">The payload seed.</param>
    /// <exception cref="RunFailedException">when the corpus cannot give so many different prompts of those lengths.</exception>
    public static IReadOnlyList<PromptRequest> Cut(PromptPayload spec, string corpus, Func<string, int> countTokens, int special, long seed)
    {
        var words = new CorpusWords(corpus, countTokens, word => countTokens($" {word}"));
        var prefix = spec.SharedPrefix == 0 ? "" : Prefix(spec, words, special, seed);
        var lengths = new LengthSequence(spec.PromptTokens, seed);
        var outputs = new LengthSequence(spec.OutputTokens, Seeds.Derive(seed, "lengths of outputs"));
        var seen = new HashSet<string>();
        var requests = new List<PromptRequest>();
        for (var draw = 0; requests.Count < spec.Distinct; draw++)
        {
            if (draw > 20 * (long)spec.Distinct + 1000)
                throw new RunFailedException(
                    $"{spec.Corpus} does not hold {spec.Distinct} different prompts of the lengths asked",
                    "Lower `distinct`, or name a longer corpus");
            var tokens = lengths.Current;
            var start = (int)(Seeds.Derive(seed, $"position {draw}") % words.Count);
            if (words.Cut(start, tokens - special - PrefixTokens(spec, special), begins: prefix.Length == 0) is not { } own) continue;
            var text = prefix.Length == 0 ? own : $"{prefix} {own}";
            if (!seen.Add(text)) continue;
            var counted = countTokens(text) + special;
            if (counted != tokens) throw new InvalidOperationException($"a prompt cut to {tokens} tokens has {counted}: '{text}'");
            requests.Add(new PromptRequest(text, outputs.Current, spec.IgnoresEnd) { LengthInTokens = tokens });
            lengths.Next();
            outputs.Next();
        }
        return requests;
    }

    private static int PrefixTokens(PromptPayload spec, int special) => Math.Max(0, spec.SharedPrefix - special);

    private static string Prefix(PromptPayload spec, CorpusWords words, int special, long seed)
    {
        for (var draw = 0; draw < 1000; draw++)
        {
            var start = (int)(Seeds.Derive(seed, $"shared prefix {draw}") % words.Count);
            if (words.Cut(start, PrefixTokens(spec, special), begins: true) is { } text) return text;
        }
        throw new RunFailedException(
            $"{spec.Corpus} holds no text of exactly {spec.SharedPrefix} tokens", "Give another shared-prefix, or name a longer corpus");
    }
}
