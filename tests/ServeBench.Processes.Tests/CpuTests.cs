using ServeBench.Processes.Cpu;

namespace ServeBench.Processes.Tests;

public class CpuTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("1,3,5-6", new[] { 1, 3, 5, 6 })]
    public void Lists_are_read_and_written_as_the_kernel_does(string text, int[] cpus)
    {
        Assert.Equal(cpus, CpuList.Parse(text));
        Assert.Equal(text, CpuList.Format(cpus));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    public void What_is_no_list_is_refused(string text) => Assert.Throws<FormatException>(() => CpuList.Parse(text));

    [Fact]
    public void A_confined_process_confines_the_threads_it_has_and_those_it_starts_later()
    {
        Assert.SkipUnless(CpuAffinity.IsSupported && CpuAffinity.Available.Count >= 2, "needs Linux and two processors");
        var all = CpuAffinity.Available;
        using var ask = new ManualResetEventSlim();
        IReadOnlyList<int> there = [], later = [];
        var existing = new Thread(() =>
        {
            ask.Wait();
            there = CpuAffinity.Get(0);
        });
        existing.Start();
        try
        {
            CpuAffinity.PinThisProcess([all[^1]]);
            ask.Set();
            existing.Join();
            var started = new Thread(() => later = CpuAffinity.Get(0));
            started.Start();
            started.Join();
        }
        finally
        {
            CpuAffinity.PinThisProcess(all);
        }
        Assert.Equal([all[^1]], there);
        Assert.Equal([all[^1]], later);
    }

    [Fact]
    public void A_failure_on_a_confined_thread_reaches_the_caller() =>
        Assert.Equal("mine", Assert.Throws<InvalidOperationException>(() => CpuAffinity.RunOn<int>(CpuAffinity.Available, () => throw new InvalidOperationException("mine"))).Message);
}
