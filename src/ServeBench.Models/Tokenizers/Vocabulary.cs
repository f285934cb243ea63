using System.Text;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers;

/// <summary>The tokens of a WordPiece vocabulary; a token's id is its place. Tokens that continue a word begin with <c>##</c>.</summary>
public sealed class Vocabulary
{
    /// <summary>The tokens with a meaning of their own. Where a text spells one out, it becomes that token, as in the reference implementation.</summary>
    public static readonly IReadOnlyList<string> SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly Dictionary<string, int> _ids;

    /// <exception cref="InvalidDataException">when a token is there twice or one of the special ones is missing.</exception>
    public Vocabulary(IReadOnlyList<string> tokens)
    {
        Tokens = tokens;
        _ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
        {
            if (!_ids.TryAdd(tokens[id], id)) throw new InvalidDataException($"the token '{tokens[id]}' stands in lines {_ids[tokens[id]] + 1} and {id + 1}");
        }
        if (SpecialTokens.FirstOrDefault(t => !_ids.ContainsKey(t)) is { } missing) throw new InvalidDataException($"the token {missing} is missing");
        (Pad, Unknown, Begin, End) = (_ids["[PAD]"], _ids["[UNK]"], _ids["[CLS]"], _ids["[SEP]"]);
    }

    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Id of <c>[PAD]</c>.</summary>
    public int Pad { get; }

    /// <summary>Id of <c>[UNK]</c>: a word that cannot be put together from tokens.</summary>
    public int Unknown { get; }

    /// <summary>Id of <c>[CLS]</c>, which begins every input.</summary>
    public int Begin { get; }

    /// <summary>Id of <c>[SEP]</c>, which ends every text.</summary>
    public int End { get; }

    /// <returns>The token's id, or -1.</returns>
    public int Find(string token) => _ids.GetValueOrDefault(token, -1);

    /// <summary>Reads vocab.txt: one token a line, in UTF-8.</summary>
    /// <exception cref="RunFailedException">when the file cannot be read or is not a vocabulary.</exception>
    public static Vocabulary Load(string path)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            // Not ReadAllLines: some tokens are line separators of Unicode.
            var lines = text.Split('\n');
            return new Vocabulary(lines[^1].Length == 0 ? lines[..^1] : lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException)
        {
            throw new RunFailedException($"{path} cannot be used as a vocabulary: {e.Message}", "Delete it and run the same command again to make it anew", e);
        }
    }
}
