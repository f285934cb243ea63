using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers;

/// <summary>
/// Reads tokenizer.json, the file in which most published models describe their tokenizer. The kinds that our models need are
/// read, BERT's uncased WordPiece so far; a file that asks for anything else is refused, because a tokenizer that is nearly
/// right gives wrong answers that nobody notices.
/// </summary>
public static class TokenizerJson
{
    /// <summary>Room for the special tokens of a pair.</summary>
    private const int LeastTokens = 3;

    private const int MostTokens = 1 << 20;

    /// <param name="path">The file.</param>
    /// <param name="maximumTokens">Inputs are cut to this; null for what the file says.</param>
    /// <exception cref="RunFailedException">when the file cannot be read or asks for something that is not supported; names
    /// everything that is not.</exception>
    public static WordPieceTokenizer Read(string path, int? maximumTokens = null)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            var unsupported = Unsupported(root).ToArray();
            if (unsupported.Length > 0)
                throw new RunFailedException(
                    $"{path} asks for a tokenizer that is not supported: {string.Join("; ", unsupported)}",
                    "Only BERT's uncased WordPiece is");
            var vocabulary = ReadVocabulary(root.GetProperty("model").GetProperty("vocab"));
            foreach (var added in Elements(root, "added_tokens"))
            {
                var content = added.GetProperty("content").GetString()!;
                foreach (var flag in new[] { "single_word", "lstrip", "rstrip", "normalized" })
                {
                    if (added.TryGetProperty(flag, out var set) && set.ValueKind == JsonValueKind.True)
                        throw new InvalidDataException($"the added token '{content}' has {flag}, which is not supported");
                }
                if (vocabulary.Find(content) != added.GetProperty("id").GetInt32() || !Vocabulary.SpecialTokens.Contains(content))
                    throw new InvalidDataException(
                        $"the added token '{content}' is not one of {string.Join(", ", Vocabulary.SpecialTokens)} with its id in the "
                            + "vocabulary");
            }
            var limit = maximumTokens
                ?? (Find(root, "truncation.max_length") is { ValueKind: JsonValueKind.Number } most ? most.GetInt32() : 512);
            if (limit is < LeastTokens or > MostTokens)
                throw new InvalidDataException($"it cuts texts to {limit} tokens, where {LeastTokens} to {MostTokens} are supported");
            return new WordPieceTokenizer(vocabulary, limit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException
            or KeyNotFoundException or InvalidDataException
            or FormatException
            or ArgumentException)
        {
            throw new RunFailedException(
                $"{path} cannot be used as a tokenizer: {e.Message}", "Give the tokenizer.json of a BERT model", e);
        }
    }

    /// <summary>Everything in the file that this tokenizer would do otherwise.</summary>
    private static IEnumerable<string> Unsupported(JsonElement root)
    {
        (string Path, string[] Allowed)[] expected =
        [
            ("model.type", ["WordPiece"]),
            ("model.unk_token", ["[UNK]"]),
            ("model.continuing_subword_prefix", ["##"]),
            ("model.max_input_chars_per_word", ["100"]),
            ("normalizer.type", ["BertNormalizer"]),
            ("normalizer.clean_text", ["True"]),
            ("normalizer.handle_chinese_chars", ["True"]),
            ("normalizer.strip_accents", ["True", ""]),
            ("normalizer.lowercase", ["True"]),
            ("pre_tokenizer.type", ["BertPreTokenizer"]),
            ("post_processor.type", ["BertProcessing", "TemplateProcessing"]),
            ("truncation.direction", ["Right", ""]),
            ("truncation.strategy", ["LongestFirst", ""]),
            ("padding.direction", ["Right", ""]),
        ];
        foreach (var (path, allowed) in expected)
        {
            var found = Find(root, path)?.ToString() ?? "";
            if (!allowed.Contains(found)) yield return $"{path} is '{found}' where '{allowed[0]}' is supported";
        }
        if (Find(root, "post_processor.type")?.ToString() == "TemplateProcessing"
            && Template(root) is var template
            && template != "[CLS] A [SEP]")
            yield return $"post_processor.single is '{template}' where '[CLS] A [SEP]' is supported";
    }

    private static string Template(JsonElement root) =>
        string.Join(' ', Elements(root.GetProperty("post_processor"), "single").Select(part =>
            part.TryGetProperty("SpecialToken", out var special)
                ? special.GetProperty("id").GetString()
                : part.GetProperty("Sequence").GetProperty("id").GetString()));

    private static Vocabulary ReadVocabulary(JsonElement vocab)
    {
        if (vocab.ValueKind != JsonValueKind.Object) throw new InvalidDataException("model.vocab is no object");
        var count = vocab.EnumerateObject().Count();
        var tokens = new string?[count];
        foreach (var entry in vocab.EnumerateObject())
        {
            var id = entry.Value.GetInt32();
            if (id < 0 || id >= count || tokens[id] is not null)
                throw new InvalidDataException(
                    $"the token '{entry.Name}' has the id {id}, which is not its own number from 0 to {count - 1}");
            tokens[id] = entry.Name;
        }
        return new Vocabulary(tokens!);
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : default;

    private static JsonElement? Find(JsonElement root, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root)) return null;
        }
        return root;
    }
}
