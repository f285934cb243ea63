using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Tests.Telemetry;

public sealed class CoreTimesTests
{
    private const string Before = """
        cpu  999 0 999 9999 0 0 0 0 0 0
        cpu0 100 0 100 1000 100 0 0 0 0 0
        cpu1 200 0 200 2000 200 0 0 50 0 0
        cpu10 1 0 1 1 1 0 0 7 0 0
        """;

    // Core 1 lost 0.4 s to the hypervisor, core 10 nine seconds.
    private const string After = """
        cpu  999 0 999 9999 0 0 0 0 0 0
        cpu0 101 0 100 1150 100 0 0 0 0 0
        cpu1 201 0 200 2020 220 0 0 90 0 0
        cpu10 1 0 1 1 1 0 0 907 0 0
        """;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.4, 1, 1)]
    [InlineData(0.4, 0, 1)]
    [InlineData(9, 0, 10)]
    public void Stolen_is_what_the_hypervisor_took_from_those_cores_alone(double seconds, int first, int second)
    {
        int[] cores = [.. new[] { first, second }.Distinct()];
        Assert.Equal(seconds, CoreTimes.Parse(After, cores)!.StolenSecondsSince(CoreTimes.Parse(Before, cores)!), 9);
    }

    [Fact]
    public void What_was_stolen_or_idle_is_not_busy()
    {
        var (before, after) = (CoreTimes.Parse(Before, [10])!, CoreTimes.Parse(After, [10])!);
        // No time passed on the clock but what was stolen is more than it: not below zero.
        Assert.Equal(0, after.BusySecondsSince(before));
    }

    [Fact]
    public void A_core_that_the_kernel_does_not_list_cannot_be_told() => Assert.Null(CoreTimes.Parse(Before, [0, 7]));
}
