using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Load.K6.Finding;

namespace ServeBench.Load.Tests.K6.Finding;

public sealed class K6LocatorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-tools-").FullName;
    private readonly HttpClient _client = new();
    private readonly FakeCommands _commands = FakeCommands.Saying("k6 v2.2.0 (go1.26, linux/amd64)");

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_named_comes_first_then_PATH_then_the_cache()
    {
        var (onPath, cached) = (Put("bin", "k6"), Put("cache", "2.2.0", "k6"));
        Assert.Equal("/opt/k6", (await Locator().AtHandAsync(new K6Wish("/opt/k6", null, false), Ct))!.Path);
        Assert.Equal("some/image", (await Locator().AtHandAsync(new K6Wish(null, "some/image", false), Ct))!.Image);
        Assert.Equal(onPath, (await Locator().AtHandAsync(new K6Wish(null, null, false), Ct))!.Path);
        File.Delete(onPath);
        Assert.Equal(cached, (await Locator().AtHandAsync(new K6Wish(null, null, false), Ct))!.Path);
        File.Delete(cached);
        Assert.Null(await Locator().AtHandAsync(new K6Wish(null, null, false), Ct));
    }

    [Fact]
    public async Task Offline_says_in_one_sentence_what_to_do()
    {
        var failure = await Assert.ThrowsAsync<FaultException>(() => Locator().FindAsync(new K6Wish(null, null, true), SilentObserver.Instance, Ct));
        Assert.Equal(
            "--driver: there is no k6 on PATH or in the cache of tools, and --offline forbids to fetch one. Install k6 and name it with --k6=PATH, or use --driver=native, which needs none.",
            failure.Faults[0].ToString());
    }

    [Fact]
    public async Task Out_of_reach_says_so_and_what_to_do()
    {
        var failure = await Assert.ThrowsAsync<FaultException>(() => Locator().FindAsync(new K6Wish(null, null, false), SilentObserver.Instance, Ct));
        Assert.Matches(@"^--driver: k6 2\.2\.0 could not be fetched from http://127\.0\.0\.1:1/\S+: .+ --driver=native, which needs none\.$", failure.Faults[0].ToString());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private K6Locator Locator() => new(_commands, new K6Release(_client, new Uri("http://127.0.0.1:1/"), Path.Combine(_folder, "cache")), Path.Combine(_folder, "bin"));

    private string Put(params string[] path)
    {
        var file = Path.Combine([_folder, .. path]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        return file;
    }
}
