using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Tests;

/// <summary>The first lines of a run, over a copy of this repository's catalogue in which one workload goes over server-sent events.</summary>
[CollectionDefinition(nameof(BenchmarkSessionsTests), DisableParallelization = true)]
[Collection(nameof(BenchmarkSessionsTests))]
public sealed class BenchmarkSessionsTests : IDisposable
{
    private const string Stack = "src/stacks/onnxruntime-dotnet";

    private readonly string _root = Directory.CreateTempSubdirectory("servebench-sessions-").FullName;

    public BenchmarkSessionsTests()
    {
        var here = RepositoryPaths.Find().Root;
        foreach (var folder in (string[])["k6", "models", Stack])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(here, folder), "*", SearchOption.AllDirectories)) Copy(here, Path.GetRelativePath(here, file));
        }
        Write("artifacts/bin/ServeBench.OnnxServer/release/ServeBench.OnnxServer", "");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("", "; events by native (", ", since k6 2.2.0 does not speak sse here")]
    [InlineData("  github.com/phymbert/xk6-sse v0.1.12, k6/x/sse [js]", "", "")]
    [Lane("slow")]
    public async Task What_the_k6_at_hand_does_not_speak_goes_to_our_own_driver_and_the_first_line_says_so(string extension, string begins, string ends)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the k6 of this test is a shell script");
        File.WriteAllText(Path.Combine(_root, "k6/protocols/events.yaml"), """
            name: events
            title: Embeddings as an event
            specification: https://example.org
            payload: text
            transport: sse
            request: { method: POST, path: /events, body: { json: { input: "${texts}" } } }
            response: { json: { items: "data[*]", embedding: "data[*].embedding" }, last: "[DONE]" }
            """);
        Change($"{Stack}/stack.yaml", "protocols:\n", "protocols:\n  - events\n");
        Change("k6/workloads/embeddings/mixed-length.yaml", "[openai-embeddings,", "[events,");
        var k6 = Path.Combine(_root, "k6-without-sse");
        File.WriteAllText(k6, $"#!/bin/sh\necho 'k6 v2.2.0 (go1.26.0, linux/amd64)'\necho 'Extensions:'\necho '{extension}'\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(k6, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var line = (await LinesAsync("--driver=k6", $"--k6={k6}", "--host=process"))[0];
        const string Because = "Load driver: k6 2.2.0, because it was asked for (--driver)";
        Assert.StartsWith(Because + begins, line, StringComparison.Ordinal);
        Assert.EndsWith(ends, line, StringComparison.Ordinal);
        if (begins.Length == 0) Assert.Equal(Because, line);
    }

    [Fact]
    public async Task A_driver_that_speaks_everything_is_all_there_is_to_say() =>
        Assert.Matches(@"^Load driver: native \((epoll|portable)\), because it is the most precise \(--driver chooses another\)$", Assert.Single(await LinesAsync("--host=process")));

    private async Task<string[]> LinesAsync(params string[] arguments)
    {
        var (before, written) = (Console.Out, new StringWriter());
        Console.SetOut(written);
        try
        {
            using var screen = new Screen();
            using var services = new ProgramServices(new RepositoryPaths(_root), screen);
            var faults = new FaultList();
            var options = services.Read(CommandLine.Parse(arguments, faults), faults);
            faults.ThrowIfAny();
            Assert.NotEmpty(await BenchmarkSessions.OpenAsync(services, options!, TestContext.Current.CancellationToken));
        }
        finally
        {
            Console.SetOut(before);
        }
        return written.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private void Change(string file, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(_root, file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    private void Copy(string from, string file) => Write(file, File.ReadAllText(Path.Combine(from, file)));

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
