using ServeBench.Processes.Cpu;
using ServeBench.Processes.Groups;
using ServeBench.Processes.Servers;

namespace ServeBench.Processes.Tests;

public sealed class ControlGroupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>As runtimes do it: a thread sets its own affinity, past the mask that the server was started with.</summary>
    [Fact]
    public async Task No_thread_leaves_a_cpuset_and_all_are_killed_at_once()
    {
        Assert.SkipUnless(ControlGroup.OfThisMachine.ConfinesCpus && CpuAffinity.Available.Count >= 2, "needs two processors and the right to make a cpuset");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs /usr/bin/python3");
        var (own, other) = (CpuAffinity.Available[0], CpuAffinity.Available[^1]);
        var group = ControlGroup.TryMake($"test-{Guid.NewGuid():N}", [own])!;
        var log = Path.Combine(_folder, "server.log");
        await using (var server = await ServerProcess.StartAsync(new ServerSpec
        {
            Program = "/usr/bin/python3",
            Arguments = ["-c", $"import os, time\ntry:\n    os.sched_setaffinity(0, [{own}, {other}])\n    os.sched_setaffinity(0, [{other}])\nexcept OSError as e:\n    print(e)\nprint(sorted(os.sched_getaffinity(0)), flush=True)\ntime.sleep(600)"],
            LogFile = log,
            Cpus = [own],
            Group = group,
            StopLimit = TimeSpan.FromSeconds(1),
        }))
        {
            for (var tries = 0; !File.Exists(log) || !File.ReadAllText(log).Contains(']', StringComparison.Ordinal); tries++)
            {
                Assert.True(tries < 400, "the server did not say what it may use within ten seconds");
                await Task.Delay(25, TestContext.Current.CancellationToken);
            }
            Assert.Contains($"[{own}]", File.ReadAllText(log), StringComparison.Ordinal);
            Assert.Equal([server.ProcessId], group.Processes());
            if (group.CpuSeconds() is { } used) Assert.InRange(used, 0.001, 10);
            group.Kill();
            if (group.Kills) Assert.Equal(128 + 9, await server.Exited.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        }
        Assert.Empty(group.Remove());
        Assert.All(group.Folders, f => Assert.False(Directory.Exists(f)));
    }

    [Fact]
    public void What_a_run_left_is_removed_and_nothing_else()
    {
        Assert.SkipUnless(ControlGroup.OfThisMachine.Any, "needs the right to make a control group");
        var (left, mine) = (ControlGroup.TryMake("left-1", [])!, ControlGroup.TryMake("mine-1", [])!);
        try
        {
            Assert.Equal(left.Folders, ControlGroup.RemoveLeft(name => name == $"{ControlGroup.Prefix}left-1"));
            Assert.All(left.Folders, f => Assert.False(Directory.Exists(f)));
            Assert.All(mine.Folders, f => Assert.True(Directory.Exists(f)));
        }
        finally
        {
            mine.Remove();
        }
    }

    [Fact]
    public void Where_nothing_may_be_made_there_is_none()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "proc/self"));
        Assert.Null(ControlGroup.TryMake("x", [0], _folder + "/"));
        // The group lies outside what a container sees of the file system.
        File.WriteAllText(Path.Combine(_folder, "proc/self/mounts"), "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        File.WriteAllText(Path.Combine(_folder, "proc/self/cgroup"), "0::/../elsewhere\n");
        Assert.Null(ControlGroup.TryMake("x", [0], _folder + "/"));
    }
}
