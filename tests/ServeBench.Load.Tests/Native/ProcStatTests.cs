using ServeBench.Load.Native;

namespace ServeBench.Load.Tests.Native;

public sealed class ProcStatTests
{
    private const long Second = 1_000_000_000;

    private const string Before = """
        cpu  999 0 999 9999 0 0 0 0 0 0
        cpu0 100 0 100 1000 100 0 0 0 0 0
        cpu1 200 0 200 2000 200 0 0 50 0 0
        intr 12345 0 0
        ctxt 1
        """;

    // Two seconds later: core 0 was idle for 1.5 s; core 1 for 0.2 s, waited for disk for 0.2 s, and lost 0.4 s to the hypervisor.
    private const string After = """
        cpu  999 0 999 9999 0 0 0 0 0 0
        cpu0 101 0 100 1150 100 0 0 0 0 0
        cpu1 201 0 200 2020 220 0 0 90 0 0
        """;

    private static readonly ProcStat Start = ProcStat.Parse(Before, 5 * Second);
    private static readonly ProcStat End = ProcStat.Parse(After, 7 * Second);

    [Fact]
    public void Busy_is_what_was_neither_idle_nor_stolen()
    {
        Assert.Equal(0.25, End.Busy(Start, [0])!.Value, 9);
        Assert.Equal(0.6, End.Busy(Start, [1])!.Value, 9);
        Assert.Equal(0.425, End.Busy(Start, [0, 1])!.Value, 9);
    }

    [Fact]
    public void Steal_is_over_the_cores_that_are_asked_for_or_all()
    {
        Assert.Equal(0, End.Steal(Start, [0])!.Value, 9);
        Assert.Equal(0.2, End.Steal(Start, [1])!.Value, 9);
        Assert.Equal(0.1, End.Steal(Start, [])!.Value, 9);
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        Assert.Null(End.Busy(Start, [0, 7]));
        Assert.Null(End.Busy(End, [0]));
        Assert.Null(ProcStat.Parse("", Second).Steal(Start, []));
    }

    [Fact]
    public void Reads_this_machine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no /proc/stat on this system");
        var start = ProcStat.Read()!;
        // Null until the kernel's clock has ticked.
        double? busy = null;
        Assert.True(SpinWait.SpinUntil(() => (busy = ProcStat.Read()!.Busy(start, [0])) is not null, TimeSpan.FromSeconds(20)));
        Assert.InRange(busy!.Value, 0, 1);
    }
}
