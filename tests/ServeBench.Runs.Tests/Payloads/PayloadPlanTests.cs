using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Load;
using ServeBench.Runs.Payloads;
using ServeBench.Work.Embedding;

namespace ServeBench.Runs.Tests.Payloads;

public sealed class PayloadPlanTests
{
    private static readonly LoadShape[] Shapes =
        [new ClosedLoop(1), new ClosedLoop(16), new ShareOfCeiling("poisson", 0.5), new RateSearch("poisson", new SearchSpec(6, TimeSpan.FromSeconds(1), 1, 0.05)), new StepsOfMaxRate(new OverloadSpec([0.5, 1.2], TimeSpan.FromSeconds(1)))];

    [Fact]
    public void Nothing_that_a_deployment_is_sent_shares_a_payload()
    {
        var cases = Cases();
        var payloads = Payloads(2100);
        var plans = cases.Select(c => PayloadPlan.Of(c, cases, payloads, seed: 3)).ToArray();
        var warmUp = Assert.Single(plans.Select(p => p.WarmUp).Distinct());
        Assert.Equal([1, 1, 1, 6, 1], plans.Select(p => p.Windows.Count));
        int[] all = [.. plans.SelectMany(p => p.Windows).Append(warmUp).SelectMany(s => Enumerable.Range(s.First, s.Count))];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.InRange(all.Length, 1900, 2100);
        Assert.All(plans.SelectMany(p => p.Windows), w => Assert.Equal((0, 0, 0), (w.First % 21, w.Count % 21, w.At % 21)));
        Assert.InRange(warmUp.Count, 500, 530);
    }

    [Fact]
    public void The_order_of_the_cases_does_not_matter()
    {
        var cases = Cases();
        var (_, windows) = PayloadPlan.Of(cases[2], cases, Payloads(2100), seed: 3);
        Assert.Equal(windows, PayloadPlan.Of(cases[2], cases.Reverse(), Payloads(2100), seed: 3).Windows);
    }

    [Fact]
    public void Too_few_payloads_are_gone_round_and_the_audit_counts_what_is_sent_again()
    {
        var cases = Cases();
        var payloads = Payloads(42);
        var (warmUp, windows) = PayloadPlan.Of(cases[0], cases, payloads, seed: 3);
        Assert.Equal((new PayloadStretch(0, 42), new PayloadStretch(0, 42)), (warmUp, windows[0]));
        var sent = new SentPayloads(payloads.Requests);
        sent.AddWarmUp(warmUp, 10);
        Assert.Equal(10, sent.WarmUp);
        Assert.Equal(10, sent.AddWindow(Table(Enumerable.Range(0, 30))));
        Assert.Equal(12, sent.AddWindow(Table(Enumerable.Range(30, 12).Concat(Enumerable.Range(0, 12)))));
    }

    /// <summary>What k6 sends beside its window comes from the window's payloads in a closed loop.</summary>
    [Fact]
    public void What_a_driver_sent_beside_the_window_counts_as_sent_and_what_was_dropped_does_not()
    {
        var sent = new SentPayloads(Payloads(42).Requests);
        var stretch = new PayloadStretch(0, 21);
        var samples = Table([21, 22, 23, 24]);
        samples.Add(new Sample(0, 0, 0, 0, Outcome.Dropped, 0, 1, 0, 0));
        Assert.Equal(1, sent.Add(stretch, 4, Told(samples, new OutsidePayloads([0, 1, 21], [25]))));
        Assert.Equal(4, sent.WarmUp);
        // What came after the window is sent by the time of the next one.
        Assert.Equal(2, sent.Add(stretch, 0, Told(Table([25, 0, 30]), new OutsidePayloads([], []))));
        // A driver that goes round the warm-up's in turn tells only how many.
        var native = new SentPayloads(Payloads(42).Requests);
        Assert.Equal(2, native.Add(stretch, 5, Told(Table([3, 4, 5]), null)));
    }

    [Fact]
    public void The_second_driver_draws_from_stretches_of_its_own()
    {
        var cases = Cases();
        Case[] all = [.. cases, .. cases.Where(c => c.Shape is ShareOfCeiling or RateSearch).Select(c => c with { IsDriverCheck = true })];
        var taken = new HashSet<int>();
        foreach (var window in all.SelectMany(c => PayloadPlan.Of(c, all, Payloads(2100), seed: 3).Windows))
            Assert.All(Enumerable.Range(window.First, window.Count), p => Assert.True(taken.Add(p), $"payload {p} stands in two windows"));
    }

    [Fact]
    public void A_script_alone_has_payloads_apart_for_warm_up_and_window()
    {
        Assert.Equal(new PayloadSlices(new PayloadStretch(0, 42), new PayloadStretch(42, 168)), PayloadPlan.OfOne(Payloads(210)));
        Assert.Equal(new PayloadSlices(new PayloadStretch(0, 21), new PayloadStretch(0, 21)), PayloadPlan.OfOne(Payloads(21)));
    }

    private static LoadResult Told(SampleTable samples, OutsidePayloads? outside) => new()
    {
        Samples = samples, WindowSeconds = 1, WarmUp = new WarmUpRecord(true, 1, []), Client = new ClientUse { Cpus = [] }, Answers = [], Outside = outside,
    };

    [Fact]
    public void Bodies_count_not_numbers()
    {
        var sent = new SentPayloads([new TextRequest(["a"]), new TextRequest(["b"]), new TextRequest(["a"])]);
        Assert.Equal(1, sent.AddWindow(Table([0, 1, 2])));
    }

    private static SampleTable Table(IEnumerable<int> payloads)
    {
        var table = new SampleTable();
        foreach (var payload in payloads) table.Add(new Sample(0, 0, 0, 0, Outcome.Success, 200, 1, 1, payload));
        return table;
    }

    private static WorkloadPayloads Payloads(int count) => new("m", [.. Enumerable.Range(0, count).Select(i => new TextRequest([$"text {i}"]))], Mix: 21);

    private static Case[] Cases()
    {
        var workload = new Workload
        {
            Name = "w", Group = "g", Title = "", Protocols = [], Models = [], Payload = new TextPayload("", [], 1, 1), Scenarios = [], File = "",
            Objectives = new Objectives(TimeSpan.FromSeconds(1), null, 0),
        };
        var scenario = new ClosedScenario(new Dictionary<string, IReadOnlyList<int>>()) { Name = "s", Title = "" };
        return [.. Shapes.Select(shape => new Case
        {
            Workload = workload, Scenario = scenario, Shape = shape, Protocol = null!, Contender = null!, Model = null!, Host = "", Trial = 1, Fingerprint = "",
        })];
    }
}
