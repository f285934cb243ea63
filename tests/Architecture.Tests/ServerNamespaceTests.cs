namespace ServeBench.Architecture.Tests;

/// <summary>How the ONNX Runtime server is laid out: what is general knows nothing of any one kind of work, and nothing goes round.</summary>
public sealed class ServerNamespaceTests
{
    private const string Root = "ServeBench.OnnxServer";
    private const string Pipelines = $"{Root}.Pipelines.";

    private static readonly NamespaceGraph Server = new(Repository.Sources("src/ServeBench.OnnxServer"));

    [Fact]
    public void No_namespace_of_the_server_leads_back_to_itself()
    {
        var circle = Server.Circle();
        var ways = circle.Zip(circle.Skip(1)).Select(way => $"{way.First} uses {way.Second} in {Server.Evidence[way]}");
        Assert.True(circle.Count == 0, string.Join(Environment.NewLine, ways));
    }

    /// <summary>Only what puts the server together may name a pipeline, and no pipeline may name another: each is a folder that can be taken away.</summary>
    [Fact]
    public void Only_the_host_knows_pipelines_and_no_pipeline_knows_another()
    {
        foreach (var name in Server.Namespaces.Where(n => n != $"{Root}.Hosting"))
        {
            var others = Server.UsesOf(name).Where(u => u.StartsWith(Pipelines, StringComparison.Ordinal) && KindOf(u) != KindOf(name)).ToArray();
            Assert.True(others.Length == 0, $"{name} uses {string.Join(", ", others)}: what several kinds of work need belongs in Serving, Scheduling or Protocols");
        }
    }

    [Fact]
    public void What_is_scheduled_are_items_with_a_cost() => Assert.All(
        Repository.Sources("src/ServeBench.OnnxServer/Scheduling"),
        file => Assert.All(new[] { "Text", "Tokens", "Embedding", "Image" }, word => Assert.DoesNotContain(word, Code(file.Text), StringComparison.Ordinal)));

    [Fact]
    public void The_folders_are_those_that_are_expected() => Assert.Superset(
        new HashSet<string> { $"{Root}.Serving", $"{Root}.Scheduling", $"{Root}.Pipelines.Embedding", $"{Root}.Protocols", $"{Root}.Hosting" }, Server.Namespaces.ToHashSet());

    [Fact]
    public void A_circle_is_found_through_usings_and_through_what_is_around_a_namespace()
    {
        const string Low = "using A.High;\n\nnamespace A.Low;\n\ninternal sealed class Small\n{\n    private readonly Great _great;\n}\n";
        const string High = "using A.Low;\n\nnamespace A.High;\n\ninternal sealed class Great\n{\n    // Names Small in a comment only.\n}\n";
        Assert.Empty(new NamespaceGraph([("Low.cs", Low), ("High.cs", High)]).Circle());
        var circle = new NamespaceGraph([("Low.cs", Low), ("High.cs", High.Replace("// Names Small", "private Small _s; // x", StringComparison.Ordinal))]).Circle();
        Assert.Equal(["A.High", "A.Low", "A.High"], circle);

        const string Parent = "using A.B;\n\nnamespace A;\n\ninternal sealed class Root\n{\n    private Child _child;\n}\n";
        const string Child = "namespace A.B;\n\ninternal sealed class Child\n{\n    private Root _root;\n}\n";
        Assert.Equal(["A", "A.B", "A"], new NamespaceGraph([("Parent.cs", Parent), ("Child.cs", Child)]).Circle());
    }

    private static string KindOf(string name) => name.StartsWith(Pipelines, StringComparison.Ordinal) ? name[Pipelines.Length..].Split('.')[0] : "";

    private static string Code(string text) => string.Join('\n', text.Split('\n').Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));
}
