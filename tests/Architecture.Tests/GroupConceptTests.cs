using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>
/// What is special to one kind of work lives in that work's own folders; what is general never names it. Counted are files, with their
/// comments: a comment that explains a general thing by one group misleads those who come with another.
/// </summary>
public partial class GroupConceptTests
{
    /// <summary>
    /// Files that still name a concept of the embeddings group outside its folders, and why they do. A file may leave this list, and
    /// none may be added.
    /// </summary>
    private static readonly Dictionary<string, string> Left = new()
    {
        ["src/ServeBench.Work/KnownWork.cs"] = "the list of all kinds of work",
        ["src/ServeBench.Measurement/Metrics/MemoryPerThousand.cs"] = "where the metric comes from",
        ["build/Options/KnownOptions.cs"] = "an example of an option's value",
        ["build/Terminal/HelpText.cs"] = "examples of commands",
        ["build/Listings/DoctorListing.cs"] = "how much disk the group takes",
        // The null server answers in the form of one group.
        ["src/ServeBench.NullServer/NullServerOptions.cs"] = "--embedding",
        ["src/ServeBench.NullServer/CommandLine.cs"] = "--embedding",
        ["src/ServeBench.NullServer/Http/Answers.cs"] = "the body of such an answer",
        ["src/ServeBench.NullServer/Serving/Desk.cs"] = "chooses that body",
        // Load tools are compared on one request of one group.
        ["src/ServeBench.Runs/Calibrating/ToolCalibration.cs"] = "that request",
        ["src/ServeBench.Load/Calibration/Tools/ToolComparison.cs"] = "its path",
        // A protocol says where a vector is by the key `embedding`.
        ["src/ServeBench.Domain/Protocols/JsonPath.cs"] = "an example of a path",
        ["src/ServeBench.Load/Encoding/PayloadVariables.cs"] = "variables of texts, for tests",
        ["src/ServeBench.Load/K6/Scripts/GjsonPath.cs"] = "an example of a path",
        ["src/ServeBench.Runs/Payloads/AnswerReader.cs"] = "hands it to the kind of work",
        ["src/ServeBench.Load/Wire/DecodedAnswer.cs"] = "holds what is there",
        ["src/ServeBench.Load/Wire/JsonAnswer.cs"] = "reads and follows the key",
        // A model's manifest is one record for all kinds.
        ["src/ServeBench.Models/Store/ModelManifest.cs"] = "what only such models have, optional",
        ["src/ServeBench.Models/Store/ModelPreparation.cs"] = "fills it",
        ["src/ServeBench.Models/Store/Checkpoint.cs"] = "finds a vocabulary in tokenizer.json",
        ["src/ServeBench.Models/Explain/ModelExplainer.cs"] = "loads the model to have the runtime optimise it",
    };

    [Fact]
    public void Nothing_general_names_an_embedding()
    {
        var found = new[] { "src", "build" }.SelectMany(Repository.Sources).Where(f => !Own().IsMatch(f.Name) && Concept().IsMatch(f.Text)).Select(f => f.Name).ToArray();
        var more = found.Except(Left.Keys).ToArray();
        Assert.True(more.Length == 0, $"{string.Join(", ", more)}: names what belongs to the embeddings group ({string.Join(", ", more.Select(Named).Distinct())}); ask its WorkKind, or move it to the group's own folder");
        var gone = Left.Keys.Except(found).ToArray();
        Assert.True(gone.Length == 0, $"{string.Join(", ", gone)}: names nothing of the group any more; take it off this test's list");
    }

    [Theory]
    [InlineData("public int EmbeddingDimensions", true)]
    [InlineData("/// Texts of a tokenizer", true)]
    [InlineData("CancellationToken token; string text", false)]
    public void The_words_are_found(string line, bool isFound) => Assert.Equal(isFound, Concept().IsMatch(line));

    private static string Named(string file) => Concept().Match(File.ReadAllText(Path.Combine(Repository.Root, file))).Value;

    /// <summary>An embedding; a text cut out of a corpus to a length in tokens; what makes tokens of it; pairs of sentences that are alike.</summary>
    [GeneratedRegex("embedding|TextPayload|TokenLength|LengthClass|LengthSequence|corpus|tokenizer|WordPiece|CountTokens|InputTokens|OfTexts|sentences? .*alike", RegexOptions.IgnoreCase)]
    private static partial Regex Concept();

    /// <summary>The group's own folders: in each room one of that name; tokenizers and text encoders among the models; the server that is one of the stacks.</summary>
    [GeneratedRegex("/Embedding/|^src/stacks/|^src/ServeBench.OnnxServer/|^src/ServeBench.Models/(Tokenizers|Architectures/Bert|References)")]
    private static partial Regex Own();
}
