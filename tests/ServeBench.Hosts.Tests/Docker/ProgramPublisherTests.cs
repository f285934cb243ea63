using System.Runtime.InteropServices;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

[Lane("engine")]
public sealed class ProgramPublisherTests : IDisposable
{
    private const string Project = "ServeBench.Server";
    private static readonly string Here = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private readonly string _root = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private readonly Warnings _warnings = new();

    public ProgramPublisherTests()
    {
        Write($"src/{Project}/{Project}.csproj", "<Project />");
        Write($"src/{Project}/Properties/PublishProfiles/small.pubxml", "<Project />");
        Write("Directory.Build.props", "<Project />");
        Write($"artifacts/bin/{Project}/release/{Project}.dll", "built");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_native_program_that_the_images_C_library_can_run_is_taken()
    {
        NeedCompiler();
        var folder = await PublishAsync(c => $"\0GLIBC_2.2.5\0GLIBC_{CLibrary.OfImages}\0");
        Assert.Empty(_warnings.Said);
        Assert.DoesNotContain("linker=none", await File.ReadAllTextAsync(Path.Combine(folder, "how"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_linked_with_a_newer_C_library_is_not_and_that_is_said()
    {
        NeedCompiler();
        var folder = await PublishAsync(c => "\0GLIBC_2.34\0GLIBC_2.99\0GLIBC_2.4\0");
        Assert.Contains("would need version 2.99 of the C library", Assert.Single(_warnings.Said), StringComparison.Ordinal);
        Assert.Contains("linker=none", await File.ReadAllTextAsync(Path.Combine(folder, "how"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_changed_is_published_once()
    {
        var first = await PublishAsync(c => "\0GLIBC_2.34\0");
        Assert.Equal(first, await PublishAsync(_ => throw new InvalidOperationException("nothing is to be published")));
    }

    [Fact]
    public async Task A_program_that_cannot_be_published_says_what_the_compiler_said()
    {
        var runner = new FakeRunner(c => c.Arguments[0] == "publish" ? new CommandResult(1, "", "error CS1002: ; expected", TimeSpan.Zero) : new CommandResult(0, "10.0.100", "", TimeSpan.Zero));
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => Publisher(runner).EnsureAsync(Project, "linux-other", _warnings, TestContext.Current.CancellationToken));
        Assert.Contains("CS1002", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.4\0", "2.34")]
    [InlineData("\0GLIBC_PRIVATE\0 GLIBC_2.99\0", null)]
    public void The_newest_version_that_a_program_names_is_what_it_asks_for(string program, string? version)
    {
        Write("program", program);
        Assert.Equal(version, CLibrary.AskedForBy(Path.Combine(_root, "program"))?.ToString());
    }

    private Task<string> PublishAsync(Func<CommandSpec, string> program)
    {
        var runner = new FakeRunner(command =>
        {
            if (command.Program != "dotnet") return "/usr/lib/Scrt1.o\n";
            if (command.Arguments[0] != "publish") return "10.0.100\n";
            var folder = Directory.CreateDirectory(command.Arguments.Single(a => a.StartsWith("--output=", StringComparison.Ordinal))[9..]).FullName;
            File.WriteAllText(Path.Combine(folder, Project), program(command));
            File.WriteAllText(Path.Combine(folder, "how"), string.Join('\n', command.Arguments).Replace("NativeLinker", "linker", StringComparison.Ordinal));
            return "";
        });
        return Publisher(runner).EnsureAsync(Project, Here, _warnings, TestContext.Current.CancellationToken);
    }

    private ProgramPublisher Publisher(FakeRunner runner) => new(runner, new ImageFolders(_root, Path.Combine(_root, "artifacts")));

    private static void NeedCompiler() => Assert.SkipUnless(File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"), "there is no C compiler");

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private sealed class Warnings : IRunObserver
    {
        public List<string> Said { get; } = [];

        public IStep Begin(string step, TimeSpan? expected = null) => SilentObserver.Instance.Begin(step, expected);

        public void Say(string line)
        {
        }

        public void Warn(string line) => Said.Add(line);
    }
}
