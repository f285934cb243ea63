using System.Diagnostics;
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

    // Two seconds later. Core 1 lost 0.4 s to the hypervisor, core 10 nine seconds.
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
        Assert.Equal(seconds, End(cores).StolenSecondsSince(Start(cores)), 9);
    }

    [Theory]
    [InlineData(0, 0.5)] // idle for 1.5 of two seconds
    [InlineData(1, 1.2)] // idle for 0.2, waiting for a disk for 0.2, stolen for 0.4
    [InlineData(10, 0)] // more was stolen than time passed: not below zero
    public void What_was_idle_or_stolen_is_not_busy(int core, double busy) => Assert.Equal(busy, End([core]).BusySecondsSince(Start([core])), 6);

    [Fact]
    public void A_core_that_the_kernel_does_not_list_cannot_be_told() => Assert.Null(CoreTimes.Parse(Before, [0, 7], 0));

    private static CoreTimes Start(int[] cores) => CoreTimes.Parse(Before, cores, 0)!;

    private static CoreTimes End(int[] cores) => CoreTimes.Parse(After, cores, 2 * Stopwatch.Frequency)!;
}
