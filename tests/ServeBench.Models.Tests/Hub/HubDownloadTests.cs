using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;

namespace ServeBench.Models.Tests.Hub;
/// <summary>What the downloader does with a hub that behaves: ranges, redirects, resuming, locking.</summary>
public sealed class HubDownloadTests : HubTests
{
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

    [Fact]
    public async Task A_download_that_always_ends_early_fails_and_goes_on_the_next_time()
    {
        var broken = true;
        await using var hub = new MisbehavingHub((request, answer) => broken && request.Range is { First: > 60_000 } range
            ? answer.SendAsync("206 Partial Content", [$"Content-Length: {range.Last - range.First + 1}", $"Content-Range: bytes {range.First}-{range.Last}/{Content.Length}"], Content.AsMemory(range.First, 100))
            : answer.FileAsync(request, Content, Metadata));
        var message = await UnavailableAsync(hub);
        Assert.Contains("in 3 attempts", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder.Path, Name)));

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
        Assert.True(File.Exists(Path.Combine(Folder.Path, Name + ".partial")));
        Assert.False(File.Exists(Path.Combine(Folder.Path, Name)));
    }

    [Fact]
    public async Task A_hash_that_the_card_does_not_state_is_locked_at_the_first_download()
    {
        var card = Card(sha256: null);
        var content = Content;
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, content, $"ETag: \"{Convert.ToHexStringLower(SHA256.HashData(content))}\""));
        await DownloadAsync(hub, card: card);
        Assert.Equal(Sha256, ModelLock.Of(card).Files[Name]);

        foreach (var name in Left().Where(n => n != ModelLock.FileName)) File.Delete(Folder.File(name));
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

        foreach (var name in Left().Where(n => n != ModelLock.FileName)) File.Delete(Folder.File(name));
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
        Assert.False(new HubFiles(card, Folder.Path, Settings(hub.Address), TimeProvider.System).AreHere);
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
}
