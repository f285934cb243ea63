using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Tests.Telemetry;

/// <summary>Control groups of both versions, as files of a test.</summary>
public sealed class CgroupTests : IDisposable
{
    private const string Id = "9854beb095c8ca786f46a9fb15bc8667ad520196e6c1d64a21487412df9ec2f3";
    private const string Other = "1111beb095c8ca786f46a9fb15bc8667ad520196e6c1d64a21487412df9ec2f3";

    private readonly string _root = Directory.CreateTempSubdirectory("servebench-test-").FullName + "/";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Version_1_has_a_folder_per_controller()
    {
        Write("proc/self/mounts", "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0\ncgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n");
        Write("proc/7/cgroup", $"4:memory:/docker/{Id}\n2:cpu,cpuacct:/docker/{Id}\n0::/docker/{Id}\n");
        Write($"sys/fs/cgroup/cpu,cpuacct/docker/{Id}/cpuacct.usage", "2500000000\n");
        Write($"sys/fs/cgroup/cpu,cpuacct/docker/{Id}/cpu.cfs_quota_us", "100000\n");
        Write($"sys/fs/cgroup/cpu,cpuacct/docker/{Id}/cpu.stat", "nr_periods 40\nnr_throttled 3\nthrottled_time 12000000\n");
        Write($"sys/fs/cgroup/cpu,cpuacct/docker/{Other}/cpuacct.usage", "1500000000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/docker/buildkit/cpuacct.usage", "9000000000\n");
        Write($"sys/fs/cgroup/memory/docker/{Id}/memory.usage_in_bytes", "1000\n");
        Write($"sys/fs/cgroup/memory/docker/{Id}/memory.stat", "inactive_file 1\ntotal_inactive_file 300\n");
        Write($"sys/fs/cgroup/memory/docker/{Id}/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        var group = Cgroup.Of(7, _root)!;
        Assert.Equal((1, 2.5, new QuotaUse(40, 3, 0.012), 700, 2, 1.5), (group.Version, group.CpuSeconds(), group.Quota(), group.WorkingSetBytes(), group.OomKills(), Assert.Single(group.OtherContainersCpuSeconds()).Value));

        Write($"sys/fs/cgroup/cpu,cpuacct/docker/{Id}/cpu.cfs_quota_us", "-1\n");
        Assert.Null(group.Quota());
        Directory.Delete($"{_root}sys/fs/cgroup/memory/docker/{Id}", recursive: true);
        Assert.Null(group.WorkingSetBytes());
    }

    [Fact]
    public void Version_2_has_one_folder()
    {
        Write("proc/self/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n");
        Write("proc/7/cgroup", $"0::/system.slice/docker-{Id}.scope\n");
        Write($"sys/fs/cgroup/system.slice/docker-{Id}.scope/cpu.stat", "usage_usec 2500000\nuser_usec 1\nnr_periods 40\nnr_throttled 3\nthrottled_usec 12000\n");
        Write($"sys/fs/cgroup/system.slice/docker-{Id}.scope/cpu.max", "200000 100000\n");
        Write($"sys/fs/cgroup/system.slice/docker-{Id}.scope/memory.current", "1000\n");
        Write($"sys/fs/cgroup/system.slice/docker-{Id}.scope/memory.stat", "anon 600\ninactive_file 300\n");
        Write($"sys/fs/cgroup/system.slice/docker-{Id}.scope/memory.events", "low 0\noom 1\noom_kill 2\n");
        Write($"sys/fs/cgroup/system.slice/docker-{Other}.scope/cpu.stat", "usage_usec 1500000\n");
        Write("sys/fs/cgroup/system.slice/ssh.service/cpu.stat", "usage_usec 9000000\n");
        var group = Cgroup.Of(7, _root)!;
        Assert.Equal((2, 2.5, new QuotaUse(40, 3, 0.012), 700, 2, 1.5), (group.Version, group.CpuSeconds(), group.Quota(), group.WorkingSetBytes(), group.OomKills(), Assert.Single(group.OtherContainersCpuSeconds()).Value));
        Write($"sys/fs/cgroup/system.slice/docker-{Id}.scope/cpu.max", "max 100000\n");
        Assert.Null(group.Quota());
    }

    [Fact]
    public void What_other_containers_used_does_not_depend_on_which_of_them_ended()
    {
        // The first ended within the window and took its history along; the second used three seconds, the last began and used one.
        Dictionary<string, double> before = new() { ["ended"] = 1000, ["busy"] = 5 };
        Dictionary<string, double> after = new() { ["busy"] = 8, ["new"] = 1 };
        Assert.Equal(4, Cgroup.Between(before, after));
        Assert.Equal(0, Cgroup.Between(before, before));
    }

    [Fact]
    public void A_process_that_is_gone_has_none()
    {
        Write("proc/self/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        Assert.Null(Cgroup.Of(7, _root));
    }

    [Fact]
    public void Bytes_of_every_interface_but_the_loopback_count() => Assert.Equal(
        new NetworkBytes(1450 + 10, 630 + 20),
        NetworkBytes.Parse("""
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:   99999      99    0    0    0     0          0         0    99999      99    0    0    0     0       0          0
              eth0:    1450      16    0    0    0     0          0         0      630       9    0    0    0     0       0          0
              eth1:10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0
            """));

    [Fact]
    public void Gpus_are_averaged_and_a_missing_tool_is_told()
    {
        var use = GpuMeter.Of(["50, 1024, 100.5", "70, 2048, 99.5", "[N/A], 100, [N/A]"], "");
        Assert.Equal((0.6, 2048.0 * (1 << 20), 100.0, 3), (use.Busy, use.PeakMemoryBytes, use.MeanWatts, use.Readings));
        Assert.Equal("not measured: nvidia-smi could not be started", GpuMeter.Of([], "nvidia-smi could not be started").Source);
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + file)!);
        File.WriteAllText(_root + file, text);
    }
}
