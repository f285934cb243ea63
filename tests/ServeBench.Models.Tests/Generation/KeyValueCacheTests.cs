using System.Globalization;
using ServeBench.Models.Inference.Generation;

namespace ServeBench.Models.Tests.Generation;

/// <summary>When the memory of keys and values is taken.</summary>
public sealed class KeyValueCacheTests
{
    [Fact]
    public void Memory_is_taken_as_it_is_used_or_all_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux says what a process has of its memory");
        var before = Resident();
        using var cache = new KeyValueCache(layers: 4, heads: 4, headSize: 64, slots: 64, capacity: 1024);
        Assert.Equal(512L << 20, cache.Bytes);
        // Other tests of this process take and give back some meanwhile.
        Assert.InRange(Resident() - before, long.MinValue, cache.Bytes / 2);
        cache.Occupy();
        Assert.InRange(Resident() - before, cache.Bytes / 2, long.MaxValue);
    }

    private static long Resident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
