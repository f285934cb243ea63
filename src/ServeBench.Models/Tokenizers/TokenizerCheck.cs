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

    /// <summary>Reads the vocabulary of a published checkpoint: vocab.txt, or that of tokenizer.json.</summary>
    /// <param name="published">The path of a published file; null where it is not here.</param>
    /// <param name="rows">Rows of the model's table of words.</param>
    /// <exception cref="RunFailedException">saying which file asks for what is not supported.</exception>
    public static Vocabulary Read(Func<string, string?> published, int rows)
    {
        if (published(ConfigurationFile) is { } configuration) CheckConfiguration(configuration);
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
            if (wrong.Count > 0) throw Refused(path, string.Join("; ", wrong));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{path} is not a tokenizer's configuration: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    private static RunFailedException Refused(string path, string why) =>
        new($"{path} describes a tokenizer that is not supported: {why}", "Only BERT's uncased WordPiece is; use another model");
}
