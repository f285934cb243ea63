using ServeBench.Load.K6.Operator;
using YamlDotNet.RepresentationModel;

namespace ServeBench.Load.Tests.K6.Operator;

public sealed class TestRunWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Is_what_a_person_has_read_and_approved() => Repository.Approve("testrun.yaml", Write(payloadBytes: 10));

    [Theory]
    [InlineData(10)]
    [InlineData(1_100_000)]
    public void Holds_to_the_schema_that_the_operator_publishes(int payloadBytes)
    {
        var crd = Path.Combine(Repository.Root, "..", "shared", "data", "k6.io_testruns.crd.yaml");
        Assert.SkipUnless(File.Exists(crd), $"the operator's resource definition is not there ({crd})");
        var schema = CrdSchema.Read(crd, "v1alpha1");
        var resource = Documents(Write(payloadBytes)).Single(d => ((YamlScalarNode)d["kind"]).Value == "TestRun");
        Assert.Empty(schema.Faults(resource));
        // The check itself finds what is wrong.
        var spec = (YamlMappingNode)resource["spec"];
        spec.Children["paralelism"] = new YamlScalarNode("2");
        spec.Children["parallelism"] = new YamlScalarNode("two");
        ((YamlMappingNode)spec["runner"]).Children["env"] = new YamlMappingNode();
        spec.Children.Remove("script");
        Assert.Equal([".spec.paralelism is not known", ".spec.parallelism is no whole number", ".spec.runner.env is no array", ".spec.script is missing"], schema.Faults(resource).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_too_large_for_a_ConfigMap_come_from_a_volume()
    {
        Assert.Contains("configMap:", Write(10), StringComparison.Ordinal);
        var large = Write(1_100_000);
        Assert.Contains("volumeClaim:", large, StringComparison.Ordinal);
        Assert.DoesNotContain("configMap:", large, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mixed-length.steady-poisson-24.5", "mixed-length-steady-poisson-24-5")]
    [InlineData("A_very_long_name_of_a_workload_and_a_scenario.and-a-level-c16", "a-very-long-name-of-a-workload-and-a-scenario-and")]
    public void Names_are_those_that_Kubernetes_takes(string text, string name) => Assert.Equal(name, TestRunWriter.Name(text));

    private static IEnumerable<YamlMappingNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(d => (YamlMappingNode)d.RootNode);
    }

    private string Write(int payloadBytes)
    {
        var script = Path.Combine(_folder, "mixed-length.steady-constant-24.5.js");
        File.WriteAllText(script, "// the script");
        File.WriteAllText(Path.Combine(_folder, "payloads.json"), new string(' ', payloadBytes));
        return File.ReadAllText(new TestRunWriter(Path.Combine(Repository.Root, "kubernetes", "k6", "testrun.yaml.sbn")).Write("mixed-length, steady: 24.5 requests/s (constant)", script, ["payloads.json"], "SERVICE:PORT"));
    }
}
