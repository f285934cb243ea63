using System.Text;
using ServeBench.Domain.Storage;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Models.Store;

/// <summary>Files that a checkpoint lacks and that another of its files holds.</summary>
internal static class DerivedFiles
{
    /// <param name="file">Name of the file that the checkpoint does not have.</param>
    /// <param name="published">Gives the path of a published file by its name, or null.</param>
    /// <returns>Its path, or null where no other file holds it.</returns>
    public static string? Find(string file, Func<string, string?> published) =>
        file == TokenizerCheck.VocabularyFile && published(TokenizerCheck.TokenizerFile) is { } tokenizer ? VocabularyOf(tokenizer) : null;

    /// <summary>Writes the vocabulary that a tokenizer.json holds into a file of its own, for servers that read no other.</summary>
    private static string VocabularyOf(string tokenizer)
    {
        var path = $"{tokenizer}.{TokenizerCheck.VocabularyFile}";
        AtomicFile.WriteTextIfChanged(path, Encoding.UTF8.GetString(TokenizerJson.Read(tokenizer).Vocabulary.ToBytes()));
        return path;
    }
}
