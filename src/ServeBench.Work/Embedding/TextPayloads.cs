using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;

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
        var words = Words(corpus, countTokens);
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
                if (Text(words, start, tokens - SpecialTokens(countTokens)) is not { } text || !seen.Add(text)) continue;
                var counted = countTokens(text);
                if (counted != tokens) throw new InvalidOperationException($"a text cut to {tokens} tokens has {counted}: '{text}'");
                texts.Add(text);
                lengths.Next();
            }
            requests.Add(texts);
        }
        return requests;
    }

    private static int SpecialTokens(Func<string, int> countTokens) => countTokens("");

    /// <summary>The corpus's words with what each costs: word pieces do not cross white space, so costs add up.</summary>
    private static List<(string Word, int Tokens)> Words(string corpus, Func<string, int> countTokens)
    {
        var special = SpecialTokens(countTokens);
        var costs = new Dictionary<string, int>();
        var words = new List<(string, int)>();
        foreach (var word in corpus.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!costs.TryGetValue(word, out var cost)) costs[word] = cost = countTokens(word) - special;
            if (cost > 0) words.Add((word, cost));
        }
        return words;
    }

    /// <summary>Takes words from a position on, leaving out those that no longer fit, until the count is exact.</summary>
    private static string? Text(List<(string Word, int Tokens)> words, int start, int tokens)
    {
        var text = new List<string>();
        var left = tokens;
        for (var i = 0; left > 0; i++)
        {
            // So far past the last word taken, what is still missing will not be found near by.
            if (i > tokens + 1000) return null;
            var (word, cost) = words[(start + i) % words.Count];
            if (cost > left) continue;
            text.Add(word);
            left -= cost;
        }
        return string.Join(' ', text);
    }
}
