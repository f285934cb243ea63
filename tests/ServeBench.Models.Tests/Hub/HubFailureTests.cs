using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

/// <summary>The downloader against everything wrong that a hub or a network can do.</summary>
[Lane("slow")]
public sealed class HubFailureTests : HubTests
{
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
    public async Task A_full_disk_is_named_before_anything_is_written()
    {
        using var disk = SmallDisk.Mount(Folder, megabytes: 1);
        await using var hub = new MisbehavingHub((request, answer) => answer.SendAsync("200 OK", ["Content-Length: 50000000", .. Metadata]));
        var files = new HubFiles(Card(), disk.Path, Settings(hub.Address), TimeProvider.System);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken));
        Assert.Contains("needs 50 MB", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }
}
