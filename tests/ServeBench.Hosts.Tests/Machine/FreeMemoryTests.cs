using ServeBench.Hosts.Machine;

namespace ServeBench.Hosts.Tests.Machine;

/// <summary>Alone in its process while it runs: what other tests hold would count as what was not given back.</summary>
[Lane("slow")]
[CollectionDefinition(nameof(FreeMemoryTests), DisableParallelization = true)]
[Collection(nameof(FreeMemoryTests))]
public sealed class FreeMemoryTests
{
    [Fact]
    public void It_touches_real_memory_and_gives_it_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc/self/status");
        var before = Status("VmRSS:");

        var touched = FreeMemory.Touch();

        Assert.InRange(touched, 1, 768L << 20);
        Assert.Equal(0, touched % (2 << 20));
        // The peak says that pages were really there; the present, that they went back.
        Assert.True(Status("VmHWM:") >= touched, $"{Status("VmHWM:")} bytes at the peak, {touched} touched");
        Assert.True(Status("VmRSS:") < before + touched / 2, $"{before} bytes before, {Status("VmRSS:")} after, {touched} touched");
    }

    [Theory]
    [InlineData(16L << 30, 16L << 30, 768L << 20)]
    [InlineData(64L << 30, 1L << 30, 256L << 20)] // in a container with a limit
    [InlineData(1L << 30, 64L << 30, 256L << 20)]
    [InlineData((100L << 20) + 5, 64L << 30, 24L << 20)] // whole large pages
    [InlineData(1L << 20, 64L << 30, 0)]
    [InlineData(16L << 30, -1, 0)]
    [InlineData(null, 64L << 30, 0)]
    public void It_takes_a_quarter_of_what_there_is_at_the_most(long? ofMachine, long ofProcess, long bytes) =>
        Assert.Equal(bytes, FreeMemory.Amount(ofMachine, ofProcess));

    private static long Status(string name) =>
        long.Parse(File.ReadLines("/proc/self/status").Single(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), System.Globalization.CultureInfo.InvariantCulture) * 1024;
}
