namespace ServeBench.Work.Texts;

/// <summary>
/// The words of a corpus with the tokens that each costs. Tokens do not cross the white space before a word, so costs add up; what a word
/// costs may depend on whether it begins the text.
/// </summary>
internal sealed class CorpusWords
{
    private readonly List<(string Word, int First, int Later)> _words = [];

    /// <param name="corpus">The text that is cut.</param>
    /// <param name="first">Tokens of a word that begins a text.</param>
    /// <param name="later">Tokens of one that follows another.</param>
    public CorpusWords(string corpus, Func<string, int> first, Func<string, int> later)
    {
        var costs = new Dictionary<string, (int First, int Later)>();
        foreach (var word in corpus.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!costs.TryGetValue(word, out var cost)) costs[word] = cost = (first(word), later(word));
            if (cost is { First: > 0, Later: > 0 }) _words.Add((word, cost.First, cost.Later));
        }
    }

    public int Count => _words.Count;

    /// <summary>Takes words from a position on, leaving out those that no longer fit, until the count is exact.</summary>
    /// <param name="start">The first word.</param>
    /// <param name="tokens">How many tokens they have together.</param>
    /// <param name="begins">Whether they begin a text.</param>
    /// <returns>The words with a space between; null where those near by do not give that count.</returns>
    public string? Cut(int start, int tokens, bool begins)
    {
        var text = new List<string>();
        var left = tokens;
        for (var i = 0; left > 0; i++)
        {
            // So far past the last word taken, what is still missing will not be found near by.
            if (i > tokens + 1000) return null;
            var (word, first, later) = _words[(start + i) % _words.Count];
            var cost = begins && text.Count == 0 ? first : later;
            if (cost > left) continue;
            text.Add(word);
            left -= cost;
        }
        return string.Join(' ', text);
    }
}
