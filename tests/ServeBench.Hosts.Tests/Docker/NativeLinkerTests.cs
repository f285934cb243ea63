using System.Runtime.InteropServices;
using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

public sealed class NativeLinkerTests
{
    private static readonly string Here = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    [Fact]
    public async Task A_compiler_that_finds_the_C_librarys_files_links() =>
        Assert.Equal("gcc", await Find(Here, ["gcc"], _ => "/usr/lib/x86_64-linux-gnu/Scrt1.o\n"));

    [Fact]
    public async Task One_without_them_does_not_and_the_next_is_tried()
    {
        Assert.Null(await Find(Here, ["gcc"], _ => "Scrt1.o\n"));
        Assert.Equal("gcc", await Find(Here, ["clang", "gcc"], c => c.Program == "clang" ? "Scrt1.o\n" : "/usr/lib/Scrt1.o\n"));
    }

    [Fact]
    public async Task Without_a_compiler_or_for_another_processor_nothing_links()
    {
        Assert.Null(await Find(Here, [], _ => throw new InvalidOperationException("nothing is to be run")));
        Assert.Null(await Find("linux-other", ["gcc"], _ => throw new InvalidOperationException("nothing is to be run")));
    }

    /// <summary>A compiler that lies beside the PATH is not there for who calls it by its name.</summary>
    [Fact]
    public void A_compiler_counts_where_the_PATH_leads_to_it()
    {
        var folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "gcc"), "");
            Assert.True(NativeLinker.IsOnPath("gcc", $"::relative:/none:{folder}:."));
            Assert.False(NativeLinker.IsOnPath("clang", folder));
            Assert.False(NativeLinker.IsOnPath("gcc", "::relative:.:/none"));
            Assert.False(NativeLinker.IsOnPath("gcc", null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<string?> Find(string runtime, string[] there, Func<CommandSpec, string> output) =>
        NativeLinker.FindAsync(new FakeRunner(output), runtime, there.Contains, TestContext.Current.CancellationToken);
}
