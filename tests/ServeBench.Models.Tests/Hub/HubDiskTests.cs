using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

/// <summary>Downloads onto a disk that is nearly full, and after a killed process.</summary>
[Lane("slow")]
public sealed class HubDiskTests : HubTests
{
    [Fact]
    public async Task A_disk_that_fills_during_a_download_is_named_and_what_arrived_is_kept()
    {
        using var disk = SmallDisk.Mount(Folder, megabytes: 1);
        LeavePartial(disk.Path, sparse: true);
        disk.Fill();
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => DownloadToAsync(disk, hub));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Contains("goes on", error.Remedy, StringComparison.Ordinal);
        Assert.InRange(hub.Count("GET"), 1, 4);
        Assert.True(File.Exists(Path.Combine(disk.Path, Name + ".partial")));
        disk.Empty();
        await DownloadToAsync(disk, hub);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(disk.Path, Name), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Space_that_an_earlier_download_took_is_not_asked_for_again()
    {
        using var disk = SmallDisk.Mount(Folder, megabytes: 1);
        LeavePartial(disk.Path, sparse: false);
        disk.FillBut(50_000);
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadToAsync(disk, hub);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(disk.Path, Name), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Space_for_what_is_made_of_the_file_is_asked_for_before_the_download()
    {
        using var disk = SmallDisk.Mount(Folder, megabytes: 1);
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        var files = new HubFiles(Card(), disk.Path, Settings(hub.Address), TimeProvider.System);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken, alsoNeeded: 2_000_000));
        Assert.Contains("needs 2.1 MB", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, hub.Count("GET"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"tag":null,"bytes":100000,"rangeBytes":16000,"done":null}""")]
    [InlineData("nonsense")]
    public async Task A_damaged_note_is_as_good_as_none(string note)
    {
        await File.WriteAllTextAsync(Folder.File(Name + ".partial.json"), note, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Folder.File(Name + ".partial"), new byte[Content.Length], TestContext.Current.CancellationToken);
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.Equal(Content, Downloaded());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"repository":"owner/name","revision":"1111111111111111111111111111111111111111","files":null}""")]
    public async Task A_damaged_lock_is_named(string text)
    {
        await File.WriteAllTextAsync(Folder.File(ModelLock.FileName), text, TestContext.Current.CancellationToken);
        Assert.Contains(ModelLock.FileName, Assert.Throws<RunFailedException>(() => ModelLock.Of(Card(sha256: null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_process_was_writing_is_swept()
    {
        await File.WriteAllTextAsync(Folder.File($".{Name}.partial.json.77-abc.tmp"), "half", TestContext.Current.CancellationToken);
        await using var hub = new MisbehavingHub((request, answer) => answer.FileAsync(request, Content, Metadata));
        await DownloadAsync(hub);
        Assert.Equal([Name, Name + ".sha256"], Left().Order());
    }

    private Task DownloadToAsync(SmallDisk disk, MisbehavingHub hub) =>
        new HubFiles(Card(), disk.Path, Settings(hub.Address), TimeProvider.System).DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken);

    /// <summary>What a killed process leaves that had received nothing yet.</summary>
    private static void LeavePartial(string folder, bool sparse)
    {
        using (var file = File.Create(Path.Combine(folder, Name + ".partial")))
        {
            if (sparse) file.SetLength(Content.Length);
            else file.Write(new byte[Content.Length]);
        }
        var note = new PartialNote(Sha256, Content.Length, 16_000, []);
        File.WriteAllText(Path.Combine(folder, Name + ".partial.json"), JsonSerializer.Serialize(note, ManifestJson.Readable.PartialNote));
    }
}
