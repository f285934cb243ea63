using System.Text.Json;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Work.Tests.Generation;

/// <summary>A byte-level vocabulary of all bytes and a few words, as files.</summary>
internal static class TinyVocabulary
{
    /// <summary>Ġ stands for the space before a word.</summary>
    private static readonly string[] Merges = ["Ġ w", "h a", "l e", "Ġw ha", "Ġwha le", "s e", "Ġ se", "Ġse a", "t h", "th e"];

    private static readonly Lazy<ByteLevelTokenizer> Loaded = new(Load);

    public static ByteLevelTokenizer Tokenizer => Loaded.Value;

    /// <summary>Tokens of a text.</summary>
    public static int Count(string text) => Tokenizer.Encode(text).Length;

    private static ByteLevelTokenizer Load()
    {
        var folder = Directory.CreateTempSubdirectory("vocabulary");
        try
        {
            var tokens = Characters().Concat(Merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal)));
            File.WriteAllText(
                Path.Combine(folder.FullName, "vocab.json"),
                JsonSerializer.Serialize(tokens.Select((t, id) => (t, id)).ToDictionary(e => e.t, e => e.id)));
            File.WriteAllText(Path.Combine(folder.FullName, "merges.txt"), string.Concat(Merges.Select(m => $"{m}\n")));
            return ByteLevelTokenizer.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>GPT-2's bytes_to_unicode: printable ones stand for themselves, the others for characters from U+0100 on.</summary>
    private static IEnumerable<string> Characters()
    {
        var next = 0x100;
        for (var b = 0; b < 256; b++)
            yield return ((char)(b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? b : next++)).ToString();
    }
}
