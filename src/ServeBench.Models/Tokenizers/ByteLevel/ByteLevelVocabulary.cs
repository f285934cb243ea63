using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers.ByteLevel;

/// <summary>The tokens of byte-level BPE in the order in which they are merged, with the ids that a model has for them.</summary>
/// <param name="Tokens">The bytes of each: first all single bytes, then what the merges make.</param>
/// <param name="Ids">The id of each.</param>
/// <param name="Special">Tokens that no text gives, by their names.</param>
internal sealed record ByteLevelVocabulary(IReadOnlyList<byte[]> Tokens, IReadOnlyList<int> Ids, IReadOnlyDictionary<string, int> Special)
{
    /// <summary>The two files in the form of the transformers library.</summary>
    /// <param name="tokens">vocab.json: every token with its id.</param>
    /// <param name="merges">merges.txt: pairs, the first to be merged first.</param>
    /// <exception cref="RunFailedException">when they cannot be used, or do not belong together.</exception>
    public static ByteLevelVocabulary Read(string tokens, string merges)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(tokens));
            var special = document.RootElement.EnumerateObject()
                .ToDictionary(e => e.Name, e => e.Value.GetInt32(), StringComparer.Ordinal);
            var made = File.ReadAllText(merges).Split('\n').Select(l => l.TrimEnd('\r'))
                .Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))
                .Select(line => line.Split(' ') is [var left, var right] ? left + right : throw new JsonException($"'{line}' is no pair"));
            var ordered = ByteAlphabet.InOrder.Select(b => ByteAlphabet.Write([b])).Concat(made).ToArray();
            var ids = new int[ordered.Length];
            for (var i = 0; i < ordered.Length; i++)
            {
                if (!special.Remove(ordered[i], out ids[i])) throw new JsonException($"'{ordered[i]}' has no id, or two merges make it");
            }
            var bytes = ordered.Select(t => ByteAlphabet.Read(t) ?? throw new JsonException($"'{t}' does not stand for bytes")).ToArray();
            return ids.Concat(special.Values).Distinct().Count() == ids.Length + special.Count
                ? new ByteLevelVocabulary(bytes, ids, special)
                : throw new JsonException("two tokens have one id");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IOException
            or UnauthorizedAccessException or ArgumentException)
        {
            throw new RunFailedException(
                $"{tokens} and {merges} cannot be used as a vocabulary: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    /// <summary>Every token by its id, as vocabularies write it; null where no token has the id.</summary>
    /// <param name="count">Ids are below this.</param>
    public string?[] ById(int count)
    {
        var names = new string?[count];
        for (var i = 0; i < Ids.Count; i++) names[Ids[i]] = ByteAlphabet.Write(Tokens[i]);
        foreach (var (name, id) in Special) names[id] = name;
        return names;
    }

    /// <summary>The pairs of merges.txt, in their order: of each token that is no single byte, the two that it is merged from.</summary>
    public IEnumerable<string> Merges()
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var rank = 0; rank < Tokens.Count; rank++)
        {
            var token = ByteAlphabet.Write(Tokens[rank]);
            if (token.Length > 1)
            {
                var (left, right) = LastPair(token, ranks);
                yield return $"{left} {right}";
            }
            ranks[token] = rank;
        }
    }

    /// <summary>Merges a token's bytes by the merges that come before its own, which leave two parts.</summary>
    private static (string Left, string Right) LastPair(string token, Dictionary<string, int> earlier)
    {
        var parts = token.Select(c => c.ToString()).ToList();
        while (parts.Count > 2)
        {
            var best = Enumerable.Range(0, parts.Count - 1).MinBy(i => earlier.GetValueOrDefault(parts[i] + parts[i + 1], int.MaxValue));
            if (!earlier.ContainsKey(parts[best] + parts[best + 1]))
                throw new InvalidOperationException($"no merges before its own make two parts of '{token}'");
            parts[best] += parts[best + 1];
            parts.RemoveAt(best + 1);
        }
        return (parts[0], parts[1]);
    }
}
