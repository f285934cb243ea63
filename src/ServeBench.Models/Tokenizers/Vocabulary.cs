using System.Text;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers;

/// <summary>The tokens of a WordPiece vocabulary; a token's id is its place. Tokens that continue a word begin with <c>##</c>.</summary>
public sealed class Vocabulary
{
    /// <summary>
    /// The tokens with a meaning of their own. Where a text spells one out, it becomes that token, as in the reference
    /// implementation.
    /// </summary>
    public static readonly IReadOnlyList<string> SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly Dictionary<string, int> _ids;

    /// <exception cref="InvalidDataException">when a token is there twice or one of the special ones is missing.</exception>
    public Vocabulary(IReadOnlyList<string> tokens)
    {
        Tokens = tokens;
        _ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
        {
            if (!_ids.TryAdd(tokens[id], id))
                throw new InvalidDataException($"the token '{tokens[id]}' is given twice, in lines {_ids[tokens[id]] + 1} and {id + 1}");
        }
        if (SpecialTokens.FirstOrDefault(t => !_ids.ContainsKey(t)) is { } missing)
            throw new InvalidDataException(
                $"the token {missing} is missing"
                    + (_ids.ContainsKey("<s>")
                        ? "; it has <s>, so it is one of RoBERTa or SentencePiece, which are not supported"
                        : ""));
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

    /// <summary>The bytes of vocab.txt: one token a line, each ended by a line feed.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Concat(Tokens.Select(t => t + "\n")));

    /// <summary>
    /// Reads vocab.txt: one token a line, in UTF-8. A byte order mark at the beginning and carriage returns before all line feeds
    /// are what editors and version control of Windows add, and no part of any token.
    /// </summary>
    /// <exception cref="RunFailedException">when the file cannot be read or is not a vocabulary.</exception>
    public static Vocabulary Load(string path)
    {
        try
        {
            return new Vocabulary(Lines(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException)
        {
            throw new RunFailedException(
                $"{path} cannot be used as a vocabulary: {e.Message}", "Delete it and run the same command again to make it again", e);
        }
    }

    /// <summary>
    /// vocab.txt as every reader of it takes it, without what <see cref="Load"/> passes over; one that is so already stays as it
    /// is.
    /// </summary>
    public static byte[] Plain(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) && !bytes.Contains((byte)'\r')) return bytes;
        try
        {
            return Encoding.UTF8.GetBytes(string.Concat(Lines(bytes).Select(l => l + "\n")));
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            // Whoever loads it says what is wrong.
            return bytes;
        }
    }

    private static string[] Lines(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        // Not ReadAllLines: some tokens are line separators of Unicode.
        var lines = text.Split('\n');
        if (lines[^1].Length == 0) lines = lines[..^1];
        // The last line may lack its end altogether.
        if (lines.Length > 1 && lines[..^1].All(l => l.EndsWith('\r'))) lines = [.. lines.Select(l => l.EndsWith('\r') ? l[..^1] : l)];
        // A carriage return ends a line for the reference, wherever it is; here and there only, it cannot be determined what was meant.
        if (Array.FindIndex(lines, l => l.Contains('\r')) is >= 0 and var line)
            throw new InvalidDataException($"line {line + 1} has a carriage return in it, and not every line ends with one");
        return lines;
    }
}
