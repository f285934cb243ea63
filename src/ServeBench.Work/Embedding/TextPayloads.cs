using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Embedding;

/// <summary>
/// Cuts the texts of a workload's requests out of a corpus: consecutive words from seeded positions, each text with exactly
/// the number of tokens that was drawn for it. The same seed gives the same texts everywhere.
/// </summary>
public static class TextPayloads
{
    /// <param name="spec">Lengths, items per request, and how many requests.</param>
    /// <param name="corpus">The text that is cut.</param>
    /// <param name="countTokens">Tokens of a text, special tokens included.</param>
    /// <param name="seed">The payload seed.</param>
    /// <returns>One list of texts per distinct request.</returns>
    /// <exception cref="RunFailedException">when the corpus cannot give so many different texts of those lengths.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Cut(TextPayload spec, string corpus, Func<string, int> countTokens, long seed)
    {
        var special = countTokens("");
        int Cost(string word) => countTokens(word) - special;
        var words = new CorpusWords(corpus, Cost, Cost);
        var lengths = new LengthSequence(spec.Lengths, seed);
        var seen = new HashSet<string>();
        var requests = new List<IReadOnlyList<string>>();
        var draw = 0;
        while (requests.Count < spec.Distinct)
        {
            var texts = new List<string>();
            while (texts.Count < spec.ItemsPerRequest)
            {
                var tokens = lengths.Current;
                if (draw > 20 * (long)spec.Distinct * spec.ItemsPerRequest + 1000)
                    throw new RunFailedException(
                        $"{spec.Corpus} does not hold {spec.Distinct * spec.ItemsPerRequest} different texts of the lengths asked",
                        "Lower `distinct`, or name a longer corpus");
                var start = (int)(Seeds.Derive(seed, $"position {draw}") % words.Count);
                draw++;
                if (words.Cut(start, tokens - special, begins: true) is not { } text || !seen.Add(text)) continue;
                var counted = countTokens(text);
                if (counted != tokens) throw new InvalidOperationException($"a text cut to {tokens} tokens has {counted}: '{text}'");
                texts.Add(text);
                lengths.Next();
            }
            requests.Add(texts);
        }
        return requests;
    }
}
