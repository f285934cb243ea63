using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;

namespace ServeBench.Models.Tests.Hub;

/// <summary>What is asked of whom, and what a hub that cannot be reached looks like.</summary>
[Lane("slow")]
public sealed class HubReachTests : HubTests
{
    [Fact]
    public async Task A_hub_that_swallows_connections_cannot_be_reached()
    {
        // A listener that accepts nothing: once its queue is full, connecting neither succeeds nor fails.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var queued = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }).ToArray();
        try
        {
            foreach (var socket in queued)
            {
                try { socket.Connect(listener.LocalEndPoint!); }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress) { }
            }
            var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
            var files = Files(address, s => s with { ConnectLimit = TimeSpan.FromMilliseconds(200) });
            var error = await Assert.ThrowsAsync<HubUnavailableException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken));
            Assert.Equal("127.0.0.1 cannot be reached from here", error.Brief);
        }
        finally
        {
            foreach (var socket in queued) socket.Dispose();
        }
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_not_asked_for_twice()
    {
        // RFC 6761 reserves .invalid: no resolver may know a name under it.
        var files = Files(new Uri("http://hub.invalid"), s => s with { FirstDelay = TimeSpan.FromMinutes(1) });
        var error = await Assert.ThrowsAsync<HubUnavailableException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken));
        Assert.Equal("hub.invalid cannot be reached from here", error.Brief);
        Assert.Contains("in 1 attempt:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_named_in_few_words()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("403 Forbidden", ["Content-Length: 0"]));
        var error = await Assert.ThrowsAsync<HubUnavailableException>(() => DownloadAsync(hub));
        Assert.Equal("127.0.0.1 answers 403 Forbidden", error.Brief);
    }

    [Fact]
    public async Task What_the_hub_itself_states_is_not_asked_of_the_storage_host()
    {
        // Addresses of storage hosts are signed for GET; a HEAD of one may be refused.
        await using var storage = new MisbehavingHub((request, answer) => request.Method == "HEAD" ? answer.SendAsync("403 Forbidden", ["Content-Length: 0"]) : answer.FileAsync(request, Content));
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync(
            "302 Found", ["Content-Length: 0", $"Location: {storage.Address}blob?signature=x", $"X-Linked-Etag: \"{Sha256}\"", $"X-Linked-Size: {Content.Length}"]));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
        Assert.Equal(0, storage.Count("HEAD"));
    }

    [Fact]
    public async Task Signed_addresses_stay_out_of_messages()
    {
        await using var storage = new MisbehavingHub((_, answer) => answer.SendAsync("302 Found", ["Content-Length: 0", "Location: ftp://nowhere/blob?signature=confidential"]));
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("302 Found", ["Content-Length: 0", $"Location: {storage.Address}blob?signature=confidential"]));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub));
        Assert.DoesNotContain("confidential", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_files_are_held_to_the_object_id_that_the_hub_states()
    {
        var content = Content.ToArray();
        using var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        git.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        git.AppendData(content);
        var id = Convert.ToHexStringLower(git.GetHashAndReset());
        string[] metadata = [$"ETag: \"{id}\"", $"X-Repo-Commit: {new string('1', 40)}"];
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, content, metadata));
        await DownloadAsync(hub, card: Card(sha256: null));
        Assert.Equal(content, Downloaded());

        foreach (var name in Left()) File.Delete(Folder.File(name));
        content[7]++;
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadAsync(hub, card: Card(sha256: null)));
        Assert.Contains($"where {id} was expected", error.Message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData("9000000000000000000")]
    [InlineData("-1")]
    public async Task An_impossible_length_is_refused(string length)
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("200 OK", ["Content-Length: 0", $"X-Linked-Size: {length}", .. Metadata]));
        Assert.Contains("how long", await UnavailableAsync(hub), StringComparison.Ordinal);
    }
}
