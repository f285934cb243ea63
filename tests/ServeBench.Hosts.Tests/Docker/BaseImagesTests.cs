using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

[Lane("engine")]
public sealed class BaseImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
    private string? _layer = "sha256:a";
    private bool _registry;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_image_that_is_there_is_used_and_locked()
    {
        var (bases, runner) = Bases();
        var first = await bases.EnsureAsync("example:1", offline: false, SilentObserver.Instance, Cancelled);
        Assert.Equal("it was there already", first.Origin);
        Assert.Equal(["docker image inspect '--format={{json .}}' example:1"], runner.Commands.Select(c => c.ToString()));
        Assert.Equal(first, await bases.EnsureAsync("example:1", offline: false, SilentObserver.Instance, Cancelled));

        _layer = "sha256:other";
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => bases.EnsureAsync("example:1", offline: false, SilentObserver.Instance, Cancelled));
        Assert.Contains("another image than the one that this checkout first used", failure.Message, StringComparison.Ordinal);
        Assert.Contains("base-images.lock.json", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_missing_is_pulled()
    {
        (_layer, _registry) = (null, true);
        var (bases, runner) = Bases();
        Assert.Equal("pulled from its registry", (await bases.EnsureAsync("example:1", offline: false, SilentObserver.Instance, Cancelled)).Origin);
        Assert.Contains(runner.Commands, c => c.ToString() == "docker pull --quiet example:1");
    }

    [Theory]
    [InlineData(true, "the network is not to be used")]
    [InlineData(false, "no such host")]
    public async Task One_that_is_not_Debians_and_cannot_be_pulled_is_told_with_the_reason_and_how_to_bring_it(bool offline, string reason)
    {
        _layer = null;
        var (bases, runner) = Bases();
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => bases.EnsureAsync("example:1", offline, SilentObserver.Instance, Cancelled));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("docker save example:1 | ssh MACHINE docker load", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(offline, !runner.Commands.Any(c => c.Arguments.Contains("pull")));
    }

    [Fact]
    public async Task One_that_exists_is_never_made_again()
    {
        var (bases, runner) = Bases();
        Assert.False(await bases.MakeAsync("debian:trixie-slim", SilentObserver.Instance, Cancelled));
        Assert.DoesNotContain(runner.Commands, c => c.Program != "docker" || c.Arguments[0] == "import");
    }

    [Fact]
    public async Task Debian_is_made_with_a_fixed_time_and_imported()
    {
        Assert.SkipWhen(AptSources.For("trixie").Count == 0, "this machine has no sources of Debian packages");
        _layer = null;
        var (bases, runner) = Bases();
        Assert.True(await bases.MakeAsync("debian:trixie-slim", SilentObserver.Instance, Cancelled));
        var make = runner.Commands.Single(c => c.Program == "mmdebstrap" && c.Arguments.Count > 1);
        Assert.Equal(["--variant=apt", "--quiet"], make.Arguments.Take(2));
        Assert.Equal("1735689600", make.Environment["SOURCE_DATE_EPOCH"]);
        Assert.Equal(AptSources.For("trixie"), make.Arguments.SkipWhile(a => !a.EndsWith(".tar", StringComparison.Ordinal)).Skip(1));
        Assert.Equal(["import", "--change=CMD [\"bash\"]", "--message=Debian's packages, by ServeBench"], runner.Commands.Single(c => c.Arguments[0] == "import").Arguments.Take(3));
    }

    /// <summary>It is signed for a week: a mirror that stands still would be refused.</summary>
    [Fact]
    public async Task What_is_no_release_is_taken_from_a_mirror_that_stands_still()
    {
        Assert.SkipWhen(AptSources.For("sid").Count == 0, "this machine has no sources of Debian packages");
        _layer = null;
        var (bases, runner) = Bases();
        Assert.True(await bases.MakeAsync("debian:sid-slim", SilentObserver.Instance, Cancelled));
        Assert.Contains("--aptopt=Acquire::Check-Valid-Until \"false\"", runner.Commands.Single(c => c.Program == "mmdebstrap" && c.Arguments.Count > 1).Arguments);
    }

    private (BaseImages Bases, FakeRunner Runner) Bases()
    {
        var runner = new FakeRunner(command =>
        {
            switch (command.Arguments[0])
            {
                case "image" when _layer is null: return Failed("Error: No such image: example:1");
                case "image": return Said($$"""{"Id":"sha256:1","Size":1,"RootFS":{"Layers":["{{_layer}}"]},"Config":{},"RepoDigests":["example@sha256:77"]}""");
                case "pull" when !_registry: return Failed("dial tcp: lookup registry: no such host");
                case "pull" or "import":
                    _layer = "sha256:a";
                    return Said("");
                default: return Said("");
            }
        });
        var docker = new DockerCli(runner);
        var folders = new ImageFolders(_folder, Path.Combine(_folder, "artifacts"));
        return (new BaseImages(docker, new BaseImageMaker(docker, runner, folders), folders), runner);
    }

    private static CommandResult Said(string output) => new(0, output, "", TimeSpan.Zero);

    private static CommandResult Failed(string error) => new(1, "", error, TimeSpan.Zero);
}
