using ServeBench.Hosts.Machine;

namespace ServeBench.Hosts.Tests.Machine;

public sealed class CpuStateTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Governors_turbo_and_shared_cores_are_read_where_the_system_tells_them()
    {
        foreach (var (cpu, siblings) in new[] { (0, "0,2"), (1, "1,3"), (2, "0,2"), (3, "1,3") }) Write($"cpu{cpu}/topology/thread_siblings_list", siblings);
        Write("cpu0/cpufreq/scaling_governor", "powersave");
        Write("cpu1/cpufreq/scaling_governor", "performance");
        Write("intel_pstate/no_turbo", "1");
        var state = new CpuState(_root).Read(client: [0], server: [1, 2]);
        Assert.Equal(["performance", "powersave"], state.Governors);
        Assert.False(state.Turbo);
        Assert.Equal(["0,2"], state.SharedCores);
        Assert.Equal(2, CpuState.Warnings(state).Count());
        Assert.Empty(new CpuState(_root).Read(client: [0, 2], server: [1, 3]).SharedCores);
    }

    [Fact]
    public void What_the_system_does_not_tell_is_absent()
    {
        var state = new CpuState(_root).Read([0], [1]);
        Assert.Empty(state.Governors);
        Assert.Null(state.Turbo);
        Assert.Empty(state.SharedCores);
        Assert.Empty(CpuState.Warnings(state));
        Write("cpufreq/boost", "1");
        Assert.True(new CpuState(_root).Read([0], [1]).Turbo);
    }

    [Fact]
    public void A_file_that_was_just_written_lies_in_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells");
        Write("small", new string('x', 100));
        Write("weights", new string('x', 1_000_000));
        Assert.Equal(1, PageCache.ShareOfLargest(_root));
        Assert.Null(PageCache.ShareOf(Path.Combine(_root, "nothing")));
        Assert.Null(PageCache.ShareOfLargest(Path.Combine(_root, "nowhere")));
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
