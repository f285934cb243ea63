using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers;

/// <summary>
/// Holds the tokenizer's files of a published checkpoint against the one tokenizer that there is, BERT's uncased WordPiece.
/// A model whose text is prepared in another way is refused before any work: its embeddings would be wrong, and nobody notice.
/// </summary>
public static class TokenizerCheck
{
    public const string VocabularyFile = "vocab.txt";
    public const string TokenizerFile = "tokenizer.json";
    public const string ConfigurationFile = "tokenizer_config.json";
    private const string SpecialTokensFile = "special_tokens_map.json";
    private const string AddedTokensFile = "added_tokens.json";

    private static readonly string[] Classes =
        ["BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast", "PreTrainedTokenizerFast"];

    /// <summary>What each setting must be where it is stated; an absent or null one has this value by default.</summary>
    private static readonly (string Key, bool Value, string Meaning)[] Settings =
    [
        ("do_lower_case", true, "cased vocabularies are not supported"),
        ("strip_accents", true, "accents are always stripped"),
        ("tokenize_chinese_chars", true, "ideographs are always words of their own"),
        ("do_basic_tokenize", true, "punctuation is always split off"),
    ];

    /// <summary>The settings that name a special token, and the token that it must be.</summary>
    private static readonly (string Key, string Token)[] Specials =
        [("pad_token", "[PAD]"), ("unk_token", "[UNK]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]"), ("mask_token", "[MASK]")];

    /// <summary>Reads the vocabulary of a published checkpoint: vocab.txt, or that of tokenizer.json.</summary>
    /// <param name="published">The path of a published file; null where it is not here.</param>
    /// <param name="rows">Rows of the model's table of words.</param>
    /// <exception cref="RunFailedException">saying which file asks for what is not supported.</exception>
    public static Vocabulary Read(Func<string, string?> published, int rows)
    {
        if (published(ConfigurationFile) is { } configuration) CheckConfiguration(configuration);
        if (published(SpecialTokensFile) is { } specials) CheckConfiguration(specials);
        if (published(AddedTokensFile) is { } added) CheckAdded(added);
        var described = published(TokenizerFile) is { } json ? TokenizerJson.Read(json).Vocabulary : null;
        var listed = published(VocabularyFile) is { } text ? Vocabulary.Load(text) : null;
        if (described is not null && listed is not null && !described.Tokens.SequenceEqual(listed.Tokens, StringComparer.Ordinal))
            throw Refused(published(TokenizerFile)!, $"its vocabulary is not that of {VocabularyFile}");
        var vocabulary = listed ?? described
            ?? throw new RunFailedException(
                $"The model card lists neither {VocabularyFile} nor {TokenizerFile}, "
                    + "and another model's vocabulary would give wrong tokens",
                "Add one of them to source.files of model.yaml");
        if (vocabulary.Tokens.Count > rows)
            throw Refused(
                published(listed is null ? TokenizerFile : VocabularyFile)!,
                $"it has {vocabulary.Tokens.Count} tokens, and the model a table of {rows}");
        return vocabulary;
    }

    private static void CheckConfiguration(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            var wrong = new List<string>();
            foreach (var (key, value, meaning) in Settings)
            {
                if (root.TryGetProperty(key, out var found)
                    && found.ValueKind is JsonValueKind.True or JsonValueKind.False
                    && found.GetBoolean() != value)
                    wrong.Add($"{key} is {(value ? "false" : "true")}, and {meaning}");
            }
            if (root.TryGetProperty("tokenizer_class", out var name)
                && name.ValueKind == JsonValueKind.String
                && !Classes.Contains(name.GetString()))
                wrong.Add($"tokenizer_class is {name.GetString()}, where {string.Join(", ", Classes)} are known");
            wrong.AddRange(Additions(root));
            if (wrong.Count > 0) throw Refused(path, string.Join("; ", wrong));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{path} is not a tokenizer's configuration: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    /// <summary>Tokens with their ids, beside those of the vocabulary.</summary>
    private static void CheckAdded(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var others = document.RootElement
                .EnumerateObject()
                .Select(t => t.Name)
                .Where(t => !Vocabulary.SpecialTokens.Contains(t))
                .Take(5)
                .Select(t => $"'{t}'")
                .ToArray();
            if (others.Length > 0) throw Refused(path, $"it adds {string.Join(", ", others)} to the vocabulary, which is not supported");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{path} is no list of added tokens: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    /// <summary>Special tokens that are others than BERT's, and words that are kept whole: either makes other tokens of a text.</summary>
    private static IEnumerable<string> Additions(JsonElement root)
    {
        foreach (var (key, token) in Specials)
        {
            if (root.TryGetProperty(key, out var found) && Content(found) is { } other && other != token)
                yield return $"{key} is '{other}', where '{token}' is known";
        }
        if (root.TryGetProperty("never_split", out var kept) && kept.ValueKind == JsonValueKind.Array && kept.GetArrayLength() > 0)
            yield return "never_split keeps words whole, which is not supported";
        if (!root.TryGetProperty("added_tokens_decoder", out var added) || added.ValueKind != JsonValueKind.Object) yield break;
        foreach (var entry in added.EnumerateObject())
        {
            if (Content(entry.Value) is { } token && !Vocabulary.SpecialTokens.Contains(token))
                yield return $"added_tokens_decoder adds '{token}', and tokens beside the vocabulary are not supported";
        }
    }

    /// <summary>A token is written as a text, or as an object that has it.</summary>
    private static string? Content(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            => content.GetString(),
        _ => null,
    };

    private static RunFailedException Refused(string path, string why) =>
        new($"{path} describes a tokenizer that is not supported: {why}", "Only BERT's uncased WordPiece is; use another model");
}
