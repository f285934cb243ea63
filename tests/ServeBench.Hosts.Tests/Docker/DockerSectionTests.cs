using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts.Docker;

namespace ServeBench.Hosts.Tests.Docker;

public sealed class DockerSectionTests : IDisposable
{
    private const string Good = """
        context: [app, requirements.txt]
        shared: { common: ../common, words.txt: ../../../words.txt }
        publish: { server: My.Server }
        port: 8000
        environment: { A: "${cores}" }
        arguments: ["--model=${model-file}"]
        tmpfs: [/tmp]
        memory: 512m
        gpus: none
        start-limit: 90s
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    private readonly string _folder;

    public DockerSectionTests()
    {
        _folder = Path.Combine(_root, "src", "stacks", "mine");
        Directory.CreateDirectory(Path.Combine(_folder, "app"));
        Directory.CreateDirectory(Path.Combine(_root, "src", "stacks", "common"));
        File.WriteAllText(Path.Combine(_root, "words.txt"), "");
        File.WriteAllText(Path.Combine(_folder, "requirements.txt"), "");
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), "FROM scratch");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_whole_section_is_read()
    {
        var (settings, faults) = Read(Good);
        Assert.Empty(faults);
        Assert.Equal((8000, true, 512L << 20, null, "Dockerfile"), (settings.Ports[Endpoints.Http], settings.ReadOnly, settings.MemoryBytes, settings.Gpus, settings.Image.Dockerfile));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(10)), (settings.StartLimit, settings.StopLimit));
        Assert.Equal("My.Server", settings.Image.Publish["server"]);
        Assert.Equal("../common", settings.Image.Shared["common"]);
    }

    [Theory]
    [InlineData("port: 8000", "port: 80000", "port", "from 1 to 65535")]
    [InlineData("context: [app, requirements.txt]", "context: [../other]", "context", "leaves the stack's folder")]
    [InlineData("context: [app, requirements.txt]", "context: [apps]", "context", "there is no 'apps'")]
    [InlineData("context:", "dockerfile: Dokerfile\ncontext:", "dockerfile", "there is no 'Dokerfile'")]
    [InlineData("../common", "../commons", "shared", "there is no '../commons'")]
    [InlineData("../../../words.txt", "../../../../words.txt", "shared", "leaves the repository")]
    [InlineData("words.txt: ", "a/words.txt: ", "shared", "not the plain name")]
    [InlineData("{ server: My.Server }", "{ ../server: My.Server }", "publish", "not the plain name of a folder")]
    [InlineData("tmpfs: [/tmp]", "tmpfs: [tmp]", "tmpfs", "not an absolute path")]
    [InlineData("memory: 512m", "memory: 512", "memory", "is not text")]
    [InlineData("memory: 512m", "memory: 1m", "memory", "not an amount of memory from 16m")]
    [InlineData("memory: 512m", "memory: 4GB", "memory", "not an amount of memory")]
    [InlineData("${cores}", "${cors}", "environment", "no placeholder is called ${cors}")]
    [InlineData("${model-file}", "${bin}", "arguments", "no placeholder is called ${bin}")]
    [InlineData("gpus: none", "gpu: none", "gpu", "this key is not known here")]
    public void A_fault_is_found(string good, string bad, string key, string problem)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var (_, faults) = Read(Good.Replace(good, bad, StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Key == key && f.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_published_image_is_named_with_what_is_started_in_it()
    {
        var (settings, faults) = Read("image: example/server:1.2\nentry-point: serve\nshared-memory: 256m\nport: 8000\narguments: [\"${model-repository}\"]");
        Assert.Empty(faults);
        Assert.Equal(("example/server:1.2", "serve", 256L << 20), (settings.Image.Published, settings.EntryPoint, settings.SharedMemoryBytes));
        Assert.Equal(["example/server:1.2"], settings.Image.FromRegistries(_folder));
    }

    [Theory]
    [InlineData("image: example/server\nport: 8000", "image", "may be another image tomorrow")]
    [InlineData("image: localhost:5000/server\nport: 8000", "image", "may be another image tomorrow")]
    [InlineData("image: example/server:latest\nport: 8000", "image", "may be another image tomorrow")]
    [InlineData("image: example/server:1\ncontext: [app]\nport: 8000", "context", "nothing is built where image names one")]
    [InlineData("image: example/server:1\nshared-memory: much\nport: 8000", "shared-memory", "not an amount of memory")]
    public void A_fault_of_a_published_image_is_found(string section, string key, string problem) =>
        Assert.Contains(Read(section).Faults, f => f.Key == key && f.Problem.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void What_a_Dockerfile_is_built_on_comes_from_a_registry_where_it_is_not_Debians()
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), "FROM debian:trixie-slim AS a\nFROM python:3.11-slim-bookworm\nCOPY --from=a / /\n");
        Assert.Equal(["python:3.11-slim-bookworm"], Read("port: 8000").Settings.Image.FromRegistries(_folder));
    }

    private (DockerHostSettings Settings, FaultList Faults) Read(string text)
    {
        var faults = new FaultList();
        return ((DockerHostSettings)new DockerHostSectionReader().Read(YamlFile.Parse(text, "stack.yaml", faults)!, _folder), faults);
    }
}
