using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Hosts.Docker;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>Stacks whose image its makers publish: pulled, never built; listed with the remedy where it is not to be had.</summary>
public sealed class PublishedImageTests : IDisposable
{
    private const string Image = "registry.example/server:1.2";

    private readonly FakeDocker _docker = new();
    private readonly DockerHost _host;

    public PublishedImageTests() => _host = new DockerHost(_docker.Runner, _docker.Folders);

    public void Dispose() => _docker.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Stack Stack => NullStack.Stack(_host, $"image: {Image}\nentry-point: serve\nport: 8000", _docker.Stack);

    [Fact]
    public async Task It_is_pulled_locked_and_not_built()
    {
        Assert.Empty(await _host.PrepareAsync([Stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled));
        var image = _host.Image(Stack)!;
        Assert.Equal((Image, null, 2), (image.Name, image.BuildSeconds, image.Layers));
        Assert.Equal("pulled from its registry", Assert.Single(image.Bases).Origin);
        Assert.Contains(Image, await File.ReadAllTextAsync(_docker.Folders.BaseLock, Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain("build", _docker.Asked);
        Assert.DoesNotContain("save", _docker.Asked);
    }

    [Fact]
    public async Task One_that_cannot_be_pulled_leaves_its_stack_out_with_the_remedy()
    {
        _docker.RegistryFails = "Error response from daemon: Get \"https://registry.example/v2/\": no such host";
        var (stack, obstacle) = Assert.Single(await _host.PrepareAsync([Stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled));
        Assert.Equal(Stack.Name, stack);
        Assert.Contains($"the image {Image} is not there and cannot be pulled", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains($"docker save {Image} | ssh MACHINE docker load", obstacle.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_ask_the_registry_and_pull_nothing()
    {
        _docker.RegistryFails = "no such host";
        await _host.LookAsync([Stack], Cancelled);
        Assert.Null(_host.CannotRun(Stack));
        await _host.AskRegistriesAsync([Stack], offline: false, Cancelled);
        Assert.Contains($"the image {Image}, which {Stack.Name} needs, is not here and cannot be pulled (no such host)", _host.CannotRun(Stack)!.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("pull", _docker.Asked);
    }

    [Fact]
    public async Task It_takes_part_unasked_only_where_it_is_here()
    {
        Assert.Null(_host.OnlyByName(Stack));
        await _host.LookAsync([Stack], Cancelled);
        var obstacle = _host.OnlyByName(Stack)!;
        Assert.Contains($"the image {Image} is not here, and is not pulled unasked", obstacle.Problem, StringComparison.Ordinal);
        Assert.Contains("--stack", obstacle.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("manifest", _docker.Asked);
        await _host.PrepareAsync([Stack], new PrepareOptions(false, false), SilentObserver.Instance, Cancelled);
        var later = new DockerHost(_docker.Runner, _docker.Folders);
        await later.LookAsync([Stack], Cancelled);
        Assert.Null(later.OnlyByName(Stack));
    }

    [Fact]
    public async Task Offline_no_registry_is_asked()
    {
        await _host.AskRegistriesAsync([Stack], offline: true, Cancelled);
        Assert.Contains("--offline", _host.CannotRun(Stack)!.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("manifest", _docker.Asked);
    }

    [Fact]
    public async Task One_that_the_registry_has_can_run()
    {
        await _host.AskRegistriesAsync([Stack], offline: false, Cancelled);
        Assert.Null(_host.CannotRun(Stack));
        Assert.Contains("manifest", _docker.Asked);
    }
}
