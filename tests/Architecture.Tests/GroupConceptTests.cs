using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>
/// What is special to one kind of work lives in that work's own folders; what is general never names it. Counted are files, with their
/// comments: a comment that explains a general thing by one group misleads those who come with another.
/// </summary>
public partial class GroupConceptTests
{
    [Fact]
    public void Nothing_general_names_an_embedding()
    {
        var found = new[] { "src", "build" }.SelectMany(Repository.Sources).Where(f => !Own().IsMatch(f.Name))
            .Select(f => (f.Name, Word: Concept().Match(f.Text))).Where(f => f.Word.Success).ToArray();
        Assert.True(found.Length == 0, $"{string.Join(", ", found.Select(f => $"{f.Name} ({f.Word})"))}: belongs to the embeddings group; ask its WorkKind, or move it to the group's own folder");
    }

    [Theory]
    [InlineData("public int EmbeddingDimensions", true)]
    [InlineData("using ServeBench.Work.Embedding;", true)]
    [InlineData("/// Texts of a tokenizer", true)]
    [InlineData("CancellationToken token; string text", false)]
    public void The_words_are_found(string line, bool isFound) => Assert.Equal(isFound, Concept().IsMatch(line));

    /// <summary>An embedding; a text cut out of a corpus to a length in tokens; what makes tokens of it; pairs of sentences that are alike.</summary>
    [GeneratedRegex("embedding|TextPayload|TokenLength|LengthClass|LengthSequence|corpus|tokenizer|WordPiece|CountTokens|InputTokens|OfTexts|vocab.txt|VocabularyFile|tokenis|batch_texts|sentences? .*alike", RegexOptions.IgnoreCase)]
    private static partial Regex Concept();

    /// <summary>The group's own folders: in each room one of that name; tokenizers and text encoders among the models; the folders of stacks; the list of our server's pipelines; the paths of Text Embeddings Inference, which are part of its errors.</summary>
    [GeneratedRegex("/Embedding/|^src/stacks/|^src/ServeBench.OnnxServer/Hosting/(ProtocolErrors|KnownPipelines)|^src/ServeBench.Models/(Tokenizers|Architectures/Bert|References)")]
    private static partial Regex Own();
}
