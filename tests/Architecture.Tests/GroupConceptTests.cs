using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>
/// What is special to one kind of work lives in that work's own folders; what is general never names it. Counted are files, with their
/// comments: a comment that explains a general thing by one group misleads those who come with another.
/// </summary>
public partial class GroupConceptTests
{
    [Fact]
    public void Nothing_general_names_an_embedding() => AssertUnnamed("embeddings", Concept(), Own());

    [Fact]
    public void Nothing_general_names_a_photograph_or_its_class() => AssertUnnamed("image classification", ImageConcept(), ImagesOwn());

    [Fact]
    public void Nothing_general_names_a_continuation_of_texts() => AssertUnnamed("text generation", GenerationConcept(), GenerationOwn());

    private static void AssertUnnamed(string group, Regex concept, Regex own)
    {
        var found = new[] { "src", "build" }.SelectMany(Repository.Sources).Where(f => !own.IsMatch(f.Name))
            .Select(f => (f.Name, Word: concept.Match(f.Text))).Where(f => f.Word.Success).ToArray();
        Assert.True(found.Length == 0, $"{string.Join(", ", found.Select(f => $"{f.Name} ({f.Word})"))}: belongs to the {group} group; ask its WorkKind, or move it to the group's own folder");
    }

    [Theory]
    [InlineData("public int EmbeddingDimensions", true)]
    [InlineData("using ServeBench.Work.Embedding;", true)]
    [InlineData("/// Texts of a tokenizer", true)]
    [InlineData("CancellationToken token; string text", false)]
    public void The_words_are_found(string line, bool isFound) => Assert.Equal(isFound, Concept().IsMatch(line));

    [Theory]
    [InlineData("using ServeBench.Work.ImageClassification;", true)]
    [InlineData("/// The logits of a model", true)]
    [InlineData("case \"image/jpeg\":", true)]
    [InlineData("docker image inspect; a tie is no classification of stacks", false)]
    public void Words_of_images_are_found(string line, bool isFound) => Assert.Equal(isFound, ImageConcept().IsMatch(line));

    [Theory]
    [InlineData("public GenerationManifest Manifest", true)]
    [InlineData("/// The key-value cache of a decoder", true)]
    [InlineData("greedy continuation", true)]
    [InlineData("a generation of load; CancellationToken cancellation", false)]
    public void Words_of_generation_are_found(string line, bool isFound) => Assert.Equal(isFound, GenerationConcept().IsMatch(line));

    /// <summary>An embedding; a text cut out of a corpus to a length in tokens; what makes tokens of it; pairs of sentences that are alike.</summary>
    [GeneratedRegex("embedding|TextPayload|TokenLength|LengthClass|LengthSequence|corpus|tokenizer|WordPiece|CountTokens|InputTokens|OfTexts|vocab.txt|VocabularyFile|tokenis|batch_texts|sentences? .*alike", RegexOptions.IgnoreCase)]
    private static partial Regex Concept();

    /// <summary>The group's own folders: in each room one of that name; what kinds of work share that cut texts; tokenizers and text encoders among the models; the folders of stacks; the list of our server's pipelines; the paths of Text Embeddings Inference, which are part of its errors.</summary>
    [GeneratedRegex("/Embedding/|^src/ServeBench.Work/Texts/|^src/stacks/|^src/ServeBench.OnnxServer/Hosting/(ProtocolErrors|KnownPipelines)|^src/ServeBench.Models/(Tokenizers|Architectures/Bert|References)|/Generation/")]
    private static partial Regex Own();

    /// <summary>A photograph and what it is encoded in; the scores of classes, and who gives them.</summary>
    [GeneratedRegex("photograph|jpe?g\\b|logit|top-1|ImageClassif|ClassificationManifest|ClassifierSession|classifier", RegexOptions.IgnoreCase)]
    private static partial Regex ImageConcept();

    /// <summary>As above, of this group.</summary>
    [GeneratedRegex("/(Image)?Classification/|/Generation/|^src/stacks/|^src/ServeBench.OnnxServer/Hosting/KnownPipelines|^src/ServeBench.Models/Architectures/KnownArchitectures")]
    private static partial Regex ImagesOwn();

    /// <summary>What continues a text token by token, what it remembers, and the file format of its engines.</summary>
    [GeneratedRegex("key-value|GenerationManifest|TextGenerator|greedy continuation|greedy decod|DecoderSession|ByteLevelTokenizer|past_key|llama", RegexOptions.IgnoreCase)]
    private static partial Regex GenerationConcept();

    /// <summary>As above, of this group; GGUF is a file format of its own.</summary>
    [GeneratedRegex("/Generation/|/ByteLevel/|/Gguf/|^src/stacks/|^src/ServeBench.OnnxServer/Hosting/KnownPipelines")]
    private static partial Regex GenerationOwn();
}
