using ServeBench.Hosts.Machine;

namespace ServeBench.Hosts.Tests.Machine;

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

    private static long Status(string name) =>
        long.Parse(File.ReadLines("/proc/self/status").Single(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), System.Globalization.CultureInfo.InvariantCulture) * 1024;
}
