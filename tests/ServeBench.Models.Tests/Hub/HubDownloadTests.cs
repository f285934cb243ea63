using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

/// <summary>The downloader against a hub that does everything wrong that a hub or a network can do.</summary>
public sealed class HubDownloadTests : IDisposable
{
    private const string Name = "model.safetensors";

    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(100_000);
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));
    private static readonly string[] Metadata = [$"ETag: \"{Sha256}\""];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_arrives_in_parallel_ranges()
    {
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
        Assert.Equal((1, 7), (hub.Count("HEAD"), hub.Count("GET")));
        Assert.All(hub.Requests, r => Assert.Equal($"/owner/name/resolve/{Card().Source.Revision}/{Name}", r.Path));
        Assert.All(hub.Requests, r => Assert.Equal("identity", r.Headers["Accept-Encoding"]));
        Assert.Equal([Name, Name + ".sha256"], Left().Order());
    }

    [Fact]
    public async Task What_is_here_is_not_asked_for_again()
    {
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.True(Files(hub).AreHere);
        await DownloadAsync(hub);
        Assert.Equal(1, hub.Count("HEAD"));
    }

    [Fact]
    public async Task The_token_stays_with_the_hub()
    {
        await using var storage = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content));
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync(
            "302 Found", ["Content-Length: 0", $"Location: {storage.Address}blob?signature=x", $"X-Linked-Etag: \"{Sha256}\"", $"X-Linked-Size: {Content.Length}"]));
        await DownloadAsync(hub, s => s with { Token = "secret" });
        Assert.Equal(Content, Downloaded());
        Assert.All(hub.Requests, r => Assert.Equal("Bearer secret", r.Headers["Authorization"]));
        Assert.NotEmpty(storage.Requests);
        Assert.All(storage.Requests, r => Assert.DoesNotContain("Authorization", r.Headers.Keys));
    }

    [Fact]
    public async Task Relative_redirects_are_followed_and_loops_are_not()
    {
        await using var hub = new MisbehavingHub((request, answer) => request.Path.StartsWith("/moved", StringComparison.Ordinal)
            ? answer.FileAsync(request, Content, Metadata)
            : answer.SendAsync("307 Temporary Redirect", ["Content-Length: 0", "Location: /moved/here"]));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());

        await using var loop = new MisbehavingHub((_, answer) => answer.SendAsync("302 Found", ["Content-Length: 0", "Location: /again"]));
        Assert.Contains("redirects", await UnavailableAsync(loop, "other"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/file", "ftp://")]
    [InlineData("file:///etc/passwd", "file://")]
    public async Task Redirects_out_of_http_are_refused(string location, string named)
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("302 Found", ["Content-Length: 0", $"Location: {location}"]));
        Assert.Contains(named, (await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrupted_bytes_are_refused_and_removed()
    {
        var corrupted = Content.ToArray();
        corrupted[77_777] ^= 1;
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, corrupted, Metadata));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub));
        Assert.Contains($"where {Sha256} was expected", error.Message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task A_file_that_the_hub_itself_says_is_another_is_not_even_downloaded()
    {
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, $"X-Linked-Etag: \"{new string('a', 64)}\""));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub));
        Assert.Contains("by the hub's own word", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, hub.Count("GET"));
    }

    [Fact]
    public async Task A_truncated_range_is_fetched_again()
    {
        var cut = 0;
        await using var hub = new MisbehavingHub((request, answer) => request.Range is { First: > 0 } range && Interlocked.Increment(ref cut) <= 3
            ? answer.SendAsync("206 Partial Content", [$"Content-Length: {range.Last - range.First + 1}", $"Content-Range: bytes {range.First}-{range.Last}/{Content.Length}"], Content.AsMemory(range.First, 100))
            : answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
        Assert.Equal(7 + 3, hub.Count("GET"));
    }

    [Fact]
    public async Task A_download_that_always_ends_early_fails_and_goes_on_the_next_time()
    {
        var broken = true;
        await using var hub = new MisbehavingHub((request, answer) => broken && request.Range is { First: > 60_000 } range
            ? answer.SendAsync("206 Partial Content", [$"Content-Length: {range.Last - range.First + 1}", $"Content-Range: bytes {range.First}-{range.Last}/{Content.Length}"], Content.AsMemory(range.First, 100))
            : answer.FileAsync(request, Content, Metadata));
        var message = await UnavailableAsync(hub);
        Assert.Contains("in 3 attempts", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, Name)));

        broken = false;
        var before = hub.Requests.Count;
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
        var again = hub.Requests.Skip(before).Where(r => r.Method == "GET").Select(r => r.Range!.Value.First).ToArray();
        Assert.DoesNotContain(0, again);
        Assert.InRange(again.Length, 1, 6);
    }

    [Fact]
    public async Task What_arrived_of_another_content_is_not_gone_on_with()
    {
        var other = RandomNumberGenerator.GetBytes(Content.Length);
        await using (var hub = new MisbehavingHub((request, answer) => request.Range is { First: > 60_000 }
            ? answer.SendAsync("503 Service Unavailable", ["Content-Length: 0"])
            : answer.FileAsync(request, other, "ETag: \"old\"")))
            await UnavailableAsync(hub);
        await using var now = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(now);
        Assert.Equal(Content, Downloaded());
    }

    [Fact]
    public async Task A_hub_that_ignores_ranges_is_read_in_one_piece()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("200 OK", [$"Content-Length: {Content.Length}", .. Metadata], Content));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
    }

    [Fact]
    public async Task A_range_other_than_the_one_asked_for_is_refused()
    {
        await using var hub = new MisbehavingHub((request, answer) => request.Range is { } range
            ? answer.SendAsync("206 Partial Content", [$"Content-Length: {range.Last - range.First + 1}", $"Content-Range: bytes 0-{range.Last - range.First}/{Content.Length}"], Content.AsMemory(0, range.Last - range.First + 1))
            : answer.FileAsync(request, Content, Metadata));
        Assert.Contains("were asked for, bytes 0-", (await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub))).Message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public async Task A_hub_that_lies_about_the_length_is_found_out(int lie)
    {
        await using var hub = new MisbehavingHub((request, answer) => request.Method == "HEAD"
            ? answer.SendAsync("200 OK", [$"Content-Length: {Content.Length + lie}", .. Metadata])
            : answer.SendAsync("200 OK", [$"Content-Length: {Content.Length}"], Content));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub));
        Assert.Contains($"has {Content.Length} bytes where {Content.Length + lie} were announced", error.Message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Bytes_too_many_are_refused()
    {
        await using var hub = new MisbehavingHub((request, answer) => request.Method == "HEAD"
            ? answer.FileAsync(request, Content, Metadata)
            : answer.SendAsync("200 OK", [], (byte[])[.. Content, 1]));
        Assert.Contains("more than the 100000 bytes", (await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub))).Message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task A_connection_that_stalls_is_given_up_and_made_again()
    {
        var stalled = 0;
        await using var hub = new MisbehavingHub(async (request, answer) =>
        {
            if (request.Range is { First: > 0 } range && Interlocked.Increment(ref stalled) == 1)
            {
                await answer.SendAsync("206 Partial Content", [$"Content-Length: {range.Last - range.First + 1}", $"Content-Range: bytes {range.First}-{range.Last}/{Content.Length}"], Content.AsMemory(range.First, 10));
                await answer.StallAsync();
            }
            await answer.FileAsync(request, Content, Metadata);
        });
        await DownloadAsync(hub, s => s with { StallLimit = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(Content, Downloaded());
    }

    [Fact]
    public async Task A_hub_that_never_answers_is_named_with_the_limit()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.StallAsync());
        var message = await UnavailableAsync(hub, change: s => s with { StallLimit = TimeSpan.FromMilliseconds(100), Attempts = 2 });
        Assert.Contains("nothing arrived for 0.1 s", message, StringComparison.Ordinal);
        Assert.Equal(2, hub.Requests.Count);
    }

    [Theory]
    [InlineData("401 Unauthorized", null, "HF_TOKEN")]
    [InlineData("403 Forbidden", "wrong", "may not read")]
    [InlineData("404 Not Found", null, "revision")]
    public async Task A_refusal_is_final_and_says_what_to_do(string status, string? token, string remedy)
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync(status, ["Content-Length: 0"]));
        var error = await Assert.ThrowsAsync<HubUnavailableException>(() => DownloadAsync(hub, s => s with { Token = token }));
        Assert.Contains(status, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task A_range_that_the_hub_cannot_satisfy_is_final()
    {
        await using var hub = new MisbehavingHub((request, answer) => request.Range is null
            ? answer.FileAsync(request, Content, Metadata)
            : answer.SendAsync("416 Range Not Satisfiable", ["Content-Length: 0", $"Content-Range: bytes */{Content.Length}"]));
        Assert.Contains("416", await UnavailableAsync(hub), StringComparison.Ordinal);
        Assert.InRange(hub.Count("GET"), 1, 4);
    }

    [Theory]
    [InlineData("429 Too Many Requests", "Retry-After: 0")]
    [InlineData("503 Service Unavailable", "Retry-After: Thu, 01 Jan 2015 00:00:00 GMT")]
    [InlineData("502 Bad Gateway", "X-Nothing: 1")]
    public async Task A_failure_that_may_pass_is_tried_again(string status, string header)
    {
        var failures = 0;
        await using var hub = new MisbehavingHub((request, answer) => Interlocked.Increment(ref failures) <= 2
            ? answer.SendAsync(status, ["Content-Length: 0", header])
            : answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
    }

    [Fact]
    public async Task A_hub_that_asks_for_a_very_long_wait_is_not_waited_for()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("429 Too Many Requests", ["Content-Length: 0", "Retry-After: 86400"]));
        Assert.Contains("it asks to wait 86400 s", await UnavailableAsync(hub), StringComparison.Ordinal);
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_named()
    {
        Uri address;
        await using (var gone = new MisbehavingHub((_, _) => Task.CompletedTask)) address = gone.Address;
        var error = await Assert.ThrowsAsync<HubUnavailableException>(
            () => Files(address, s => s).DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken));
        Assert.Contains(address.Authority, error.Message, StringComparison.Ordinal);
        Assert.Contains("HF_ENDPOINT", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_stops_at_once_and_keeps_what_arrived()
    {
        using var cancellation = new CancellationTokenSource();
        await using var hub = new MisbehavingHub(async (request, answer) =>
        {
            if (request.Range is { First: > 60_000 })
            {
                await cancellation.CancelAsync();
                await answer.StallAsync();
            }
            await answer.FileAsync(request, Content, Metadata);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Files(hub.Address, s => s).DownloadAsync(SilentObserver.Instance, cancellation.Token));
        Assert.True(File.Exists(Path.Combine(_folder.Path, Name + ".partial")));
        Assert.False(File.Exists(Path.Combine(_folder.Path, Name)));
    }

    [Fact]
    public async Task A_hash_that_the_card_does_not_state_is_locked_at_the_first_download()
    {
        var card = Card(sha256: null);
        var content = Content;
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, content, $"ETag: \"{Convert.ToHexStringLower(SHA256.HashData(content))}\""));
        await DownloadAsync(hub, card: card);
        Assert.Equal(Sha256, ModelLock.Of(card).Files[Name]);

        foreach (var name in Left().Where(n => n != ModelLock.FileName)) File.Delete(_folder.File(name));
        content = RandomNumberGenerator.GetBytes(Content.Length);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub, card: card));
        Assert.Contains("model.lock.json says " + Sha256, error.Message, StringComparison.Ordinal);
        Assert.Equal([ModelLock.FileName], Left());
    }

    [Fact]
    public async Task A_revision_that_the_card_leaves_open_is_locked_at_the_first_download()
    {
        var commit = new string('c', 40);
        var card = Card(sha256: null);
        card = card with { Source = card.Source with { Revision = ModelSource.LockedAtFirstDownload } };
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, $"X-Repo-Commit: {commit}"));
        await DownloadAsync(hub, card: card);
        Assert.Equal((commit, Sha256), (ModelLock.Of(card).Revision, ModelLock.Of(card).Files[Name]));
        Assert.Equal([$"/owner/name/resolve/main/{Name}", $"/owner/name/resolve/{commit}/{Name}"], hub.Requests.Select(r => r.Path).Distinct());

        foreach (var name in Left().Where(n => n != ModelLock.FileName)) File.Delete(_folder.File(name));
        hub.Requests.Clear();
        await DownloadAsync(hub, card: card);
        Assert.All(hub.Requests, r => Assert.Contains(commit, r.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_of_another_hash_than_the_card_now_states_is_downloaded_again()
    {
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        var card = Card(sha256: new string('b', 64));
        Assert.False(new HubFiles(card, _folder.Path, Settings(hub.Address), TimeProvider.System).AreHere);
    }

    [Fact]
    public async Task A_lock_of_another_revision_is_void()
    {
        var card = Card(sha256: null);
        new ModelLock("owner/name", new string('9', 40), new SortedDictionary<string, string> { [Name] = "0" }).Write(card);
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub, card: card);
        Assert.Equal(Sha256, ModelLock.Of(card).Files[Name]);
    }

    [Fact]
    public async Task A_full_disk_is_named_before_anything_is_written()
    {
        using var disk = SmallDisk.Mount(_folder, megabytes: 1);
        await using var hub = new MisbehavingHub((request, answer) => answer.SendAsync("200 OK", ["Content-Length: 50000000", .. Metadata]));
        var files = new HubFiles(Card(), disk.Path, Settings(hub.Address), TimeProvider.System);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken));
        Assert.Contains("needs 50 MB", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public void The_environment_names_hub_and_token()
    {
        Assert.Equal("https://huggingface.co/", HubSettings.FromEnvironment(_ => null).Endpoint.ToString());
        var settings = HubSettings.FromEnvironment(name => name == "HF_TOKEN" ? " secret\n" : "http://127.0.0.1:1/mirror");
        Assert.Equal(("secret", "http://127.0.0.1:1/mirror"), (settings.Token, settings.Endpoint.ToString()));
        Assert.Contains("HF_ENDPOINT", Assert.Throws<FaultException>(() => HubSettings.FromEnvironment(_ => "nonsense")).Message, StringComparison.Ordinal);
    }

    private Task DownloadAsync(MisbehavingHub hub, Func<HubSettings, HubSettings>? change = null, ModelCard? card = null) =>
        new HubFiles(card ?? Card(), _folder.Path, (change ?? (s => s))(Settings(hub.Address)), TimeProvider.System)
            .DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken);

    private async Task<string> UnavailableAsync(MisbehavingHub hub, string folder = "", Func<HubSettings, HubSettings>? change = null)
    {
        var files = new HubFiles(Card(), Path.Combine(_folder.Path, folder), (change ?? (s => s))(Settings(hub.Address)), TimeProvider.System);
        return (await Assert.ThrowsAsync<HubUnavailableException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken))).Message;
    }

    private HubFiles Files(MisbehavingHub hub) => Files(hub.Address, s => s);

    private HubFiles Files(Uri address, Func<HubSettings, HubSettings> change) => new(Card(), _folder.Path, change(Settings(address)), TimeProvider.System);

    private static HubSettings Settings(Uri address) =>
        new() { Endpoint = address, RangeBytes = 16_000, Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1), StallLimit = TimeSpan.FromSeconds(20) };

    private ModelCard Card(string? sha256 = "") => TinyModel.Card() with
    {
        Source = new ModelSource("owner/name", new string('1', 40), [new ModelSourceFile(Name, sha256?.Length == 0 ? Sha256 : sha256)]),
        Folder = _folder.Path,
    };

    private byte[] Downloaded() => File.ReadAllBytes(Path.Combine(_folder.Path, Name));

    private string[] Left() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(p => Path.GetFileName(p)!)];
}
