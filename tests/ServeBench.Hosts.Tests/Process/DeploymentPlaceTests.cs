using System.Text.Json;
using ServeBench.Hosts.Ownership;
using ServeBench.Hosts.Process.Place;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Tests.Process;

/// <summary>The folder of a deployment, and what a later run believes of one that it finds.</summary>
[Collection(Running.Collection)]
public sealed class DeploymentPlaceTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_it_leaves_may_be_named_by_its_own_folder()
    {
        var place = DeploymentPlace.Make("test", [], TimeSpan.FromSeconds(3), folder => [Path.Combine(folder, "key"), _folder]);
        try
        {
            // What is there already is somebody's.
            Assert.Equal([Path.Combine(place.Folder, "key")], place.Journal.Leaves);
            Assert.Equal(3, place.Journal.StopSeconds);
        }
        finally
        {
            Assert.Null(place.Remove());
        }
    }

    [Fact]
    public void A_place_that_cannot_be_finished_leaves_no_folder()
    {
        var made = "";
        Assert.Throws<Domain.Faults.RunFailedException>(() => DeploymentPlace.Make("test", [], TimeSpan.Zero, folder =>
        {
            made = folder;
            throw new IOException("no space is left");
        }));
        Assert.NotEmpty(made);
        Assert.False(Directory.Exists(made));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_a_journal_of_its_own_user_is_believed(bool isForeign)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere nothing is swept");
        Assert.SkipWhen(isForeign && Environment.UserName != "root", "only root can give a folder to another user");
        var precious = Path.Combine(_folder, "precious");
        await File.WriteAllTextAsync(precious, "", TestContext.Current.CancellationToken);
        var planted = Directory.CreateTempSubdirectory(DeploymentPlace.Prefix).FullName;
        try
        {
            // Process 1 began long before: an owner of that id and another start is gone.
            var journal = new PlaceJournal { Realm = Owner.Realm, Owner = "1:1", Deployment = "planted", Leaves = [precious] };
            await File.WriteAllBytesAsync(
                Path.Combine(planted, "journal.json"), JsonSerializer.SerializeToUtf8Bytes(journal), TestContext.Current.CancellationToken);
            if (isForeign) await new CommandRunner().RunAsync(new CommandSpec("chown", ["-R", Nobody, planted]));
            LeftBehind.Clear();
            Assert.Equal(isForeign, File.Exists(precious));
            Assert.Equal(isForeign, Directory.Exists(planted));
        }
        finally
        {
            if (Directory.Exists(planted)) Directory.Delete(planted, recursive: true);
        }
    }

    [Fact]
    public void A_link_is_its_own_makers_and_what_is_not_there_is_nobodys()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "owners are read on Linux");
        Assert.True(FileOwner.IsOwn(_folder));
        Assert.False(FileOwner.IsOwn(Path.Combine(_folder, "missing")));
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "/nowhere");
        Assert.True(FileOwner.IsOwn(link));
    }
}
