using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>What Doctor says of the C library: this machine's, the images', and what the native program asks for.</summary>
public sealed class CLibraryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(0, "glibc 2.36\n", "2.36")]
    [InlineData(0, "undefined\n", null)]
    [InlineData(-1, "", null)]
    public async Task This_machine_says_its_version_or_nothing_is_known(int exitCode, string output, string? version) =>
        Assert.Equal(version, (await CLibrary.OfThisMachineAsync(new FakeRunner(_ => new CommandResult(exitCode, output, "", TimeSpan.Zero)), Cancelled))?.ToString());

    [Fact]
    public async Task A_machine_without_that_program_does_not_say() => Assert.Null(await CLibrary.OfThisMachineAsync(
        new FakeRunner((_, end) => new CommandRunner().TryRunAsync(new CommandSpec("/nowhere/getconf"), cancellationToken: end)), Cancelled));

    [Theory]
    [InlineData("2.36", null, false)]
    [InlineData("2.41", null, false)]
    [InlineData("2.42", null, true)]
    [InlineData("2.42", "2.38", false)]
    [InlineData("2.42", "2.42", true)]
    [InlineData("2.36", "2.42", true)]
    [InlineData(null, null, false)]
    public void The_versions_are_compared_and_both_are_told(string? machine, string? asked, bool amiss)
    {
        Assert.Equal("2.41", CLibrary.OfImages.ToString());
        var (found, remedy) = CLibrary.Compare(machine is null ? null : Version.Parse(machine), asked is null ? null : Version.Parse(asked));
        Assert.Equal(amiss ? CLibrary.Remedy : "", remedy);
        Assert.Contains("the images have 2.41", found, StringComparison.Ordinal);
        Assert.Contains(machine is null ? "does not say" : $"this machine has {machine}", found, StringComparison.Ordinal);
        if (asked is not null) Assert.Contains($"asks for {asked}", found, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_published_last_is_asked()
    {
        Assert.Null(CLibrary.AskedForIn(Path.Combine(_root, "nothing")));
        Published("ServeBench.OnnxServer-0123456789ab", "2.43", DateTime.UnixEpoch);
        Published("ServeBench.OnnxServer-ba9876543210", "2.38", DateTime.UnixEpoch.AddDays(1));
        Directory.CreateDirectory(Path.Combine(_root, "ServeBench.OnnxServer-cccccccccccc.7.tmp"));
        Assert.Equal("2.38", CLibrary.AskedForIn(_root)?.ToString());
    }

    private void Published(string folder, string version, DateTime written)
    {
        var file = Path.Combine(_root, folder, "ServeBench.OnnxServer");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"\0GLIBC_2.2.5\0GLIBC_{version}\0");
        File.SetLastWriteTimeUtc(file, written);
    }
}
