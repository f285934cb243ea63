using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Configuration;

/// <summary>Options from the environment and from files, and what is said of them.</summary>
public sealed class SourcesTests(PreparedMiniLm model) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-options-").FullName;

    [Fact]
    public void The_command_line_counts_before_the_environment_and_that_before_the_file()
    {
        var file = Write("""{ "Server": { "max-batch": 1, "max-queue": "2", "max-items": 3, /* a comment */ "model": ["a", "b=c"], } }""");
        var (values, faults) = Read(["--max-batch=10"], new() { ["SERVEBENCH_SERVER_MAX_BATCH"] = "20", ["SERVEBENCH_SERVER_MAX_QUEUE"] = "21", ["OTHER"] = "x" }, file);
        Assert.Empty(faults);
        Assert.Equal(("10", "--max-batch"), Value(values, ServerOptionList.MaxBatch));
        Assert.Equal(("21", "SERVEBENCH_SERVER_MAX_QUEUE"), Value(values, ServerOptionList.MaxQueue));
        Assert.Equal(("3", $"{file}: Server.max-items"), Value(values, ServerOptionList.MaxItems));
        Assert.Equal(["a", "b=c"], values.Values(ServerOptionList.Model).Select(v => v.Text));
    }

    [Fact]
    public void Lists_in_the_environment_are_separated_by_semicolons()
    {
        var (values, _) = Read([], new() { ["SERVEBENCH_SERVER_MODEL"] = "a; b" }, null);
        Assert.Equal(["a", "b"], values.Values(ServerOptionList.Model).Select(v => v.Text));
    }

    [Fact]
    public void Every_fault_of_every_source_is_found_at_once()
    {
        var file = Write("""{ "Server": { "max-bach": 1, "help": true, "max-queue": [1] } }""");
        var (_, faults) = Read(["--thread=1"], new() { ["SERVEBENCH_SERVER_MAX_ITEM"] = "5" }, file);
        Assert.Collection(
            faults,
            f => Assert.Equal("--thread: no option has this name. Did you mean --threads?", f),
            f => Assert.Equal("SERVEBENCH_SERVER_MAX_ITEM: no option has this name. Did you mean SERVEBENCH_SERVER_MAX_ITEMS?", f),
            f => Assert.Contains("Server.max-bach: no option has this name. Did you mean max-batch?", f),
            f => Assert.Contains("Server.help: no option has this name", f),
            f => Assert.Contains("Server.max-queue: the value [1] is neither text nor a number", f));
    }

    [Theory]
    [InlineData("{", "this is not valid JSON")]
    [InlineData("{}", "Server: this key is missing")]
    [InlineData("""{"Server":1}""", "Server: this must be an object")]
    public void A_file_that_is_wrong_is_named(string content, string problem)
    {
        var (_, faults) = Read([], [], Write(content));
        Assert.Contains(problem, Assert.Single(faults));
    }

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        var (_, faults) = Read([], [], Path.Combine(_folder, "none.json"));
        Assert.Contains("the file cannot be read", Assert.Single(faults));
    }

    [Fact]
    public void What_is_printed_can_be_read_again_and_is_the_same()
    {
        string[] arguments = [$"--model=name={model.Folder}", "--max-batch=7", "--spin=on", "--max-delay=1500us", "--cache=/tmp/\"x\"", "--traces=http://a:1/", "--log-format=json", "--long-inputs=truncate", "--urls=http://[::1]:5;http://*:6"];
        var values = CommandLineSource.Read(arguments, []);
        var options = new ServerOptionsReader(values, []).Read();
        var text = ConfigurationText.Render(options, values);
        Assert.Contains("\"max-batch\": 7, // --max-batch\n", text);
        Assert.Contains("\"max-queue\": 1024, // default\n", text);

        var (again, faults) = Read([], [], Write(text));
        Assert.Empty(faults);
        var read = new ServerOptionsReader(again, []).Read();
        Assert.Equal(text.Split('\n').Select(WithoutSource), ConfigurationText.Render(read, again).Split('\n').Select(WithoutSource));
        Assert.Equal(options with { Models = [], Urls = [] }, read with { Models = [], Urls = [] });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string WithoutSource(string line) => line.Split(" // ")[0];

    private static (string, string) Value(OptionValues values, ServerOption option) => (values.Value(option)!.Value.Text, values.Value(option)!.Value.Where);

    private static (OptionValues Values, string[] Faults) Read(string[] arguments, Dictionary<string, string> environment, string? file)
    {
        var faults = new FaultList();
        var values = CommandLineSource.Read(arguments, faults);
        values.FillFrom(EnvironmentSource.Read(environment, faults));
        if (file is not null) values.FillFrom(FileSource.Read(file, faults));
        return (values, [.. faults.Select(f => f.ToString())]);
    }

    private string Write(string content)
    {
        var file = Path.Combine(_folder, "options.json");
        File.WriteAllText(file, content);
        return file;
    }
}
