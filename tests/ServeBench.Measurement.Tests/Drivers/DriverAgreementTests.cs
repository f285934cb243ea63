using ServeBench.Measurement.Drivers;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Measurement.Verdicts;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Drivers;

public sealed class DriverAgreementTests
{
    [Fact]
    public void A_second_driver_that_sees_a_tenth_less_is_a_finding_and_one_that_sees_the_same_is_none()
    {
        var (own, checks) = Pairs(2, 5, spread: 0.01, seed: 1, ratio: stack => stack == 0 ? 0.9 : 1);
        var of = Assert.Single(DriverAgreements.Of(own, checks));
        Assert.Equal((ItemThroughput.MetricId, "native", "k6"), (of.Metric, of.First, of.Second));
        Assert.Equal((DriverVerdict.Disagree, true), (of.Stacks[0].Verdict, of.Stacks[0].IsFinding));
        Assert.InRange(of.Stacks[0].Ratio!.Value, 0.88, 0.92);
        Assert.Equal((DriverVerdict.Agree, false), (of.Stacks[1].Verdict, of.Stacks[1].IsFinding));
        Assert.Equal(of.Stacks[0].Ratio!.Value, of.Stacks[0].Second!.Value / of.Stacks[0].First!.Value, 6);
    }

    /// <summary>What deployments differ by, 20 % here, is in both figures of a pair and must not be in the interval.</summary>
    [Fact]
    public void Intervals_cover_the_truth_nineteen_times_in_twenty_whatever_deployments_differ_by()
    {
        var (covered, all) = (0, 0);
        for (var seed = 1; seed <= 500; seed++)
        {
            var (own, checks) = Pairs(4, 3, spread: 0.04, seed, ratio: _ => 1.03, deployments: 0.2);
            foreach (var ratio in DriverAgreements.Of(own, checks).Single().Stacks)
            {
                covered += ratio.Low <= 1.03 && ratio.High >= 1.03 ? 1 : 0;
                all++;
                Assert.True(ratio.High / ratio.Low < 1.6, "the interval is as wide as deployments differ");
            }
        }
        Assert.InRange(covered / (double)all, 0.93, 0.97);
    }

    [Fact]
    public void What_one_of_them_could_not_measure_has_its_reason_and_no_ratio()
    {
        var (own, checks) = Pairs(3, 2, spread: 0.01, seed: 1, ratio: _ => 1);
        checks = [.. checks.Select(t => t.Record.Case.Stack switch
        {
            "s0" => t with { Values = new Dictionary<string, Measured> { [ItemThroughput.MetricId] = Measured.Not("nobody counted") } },
            "s1" => Spoil(t),
            _ => t,
        })];
        var stacks = DriverAgreements.Of([.. own.Where(t => t.Record.Case.Stack != "s2")], checks).Single().Stacks;
        Assert.All(stacks, s => Assert.Equal((null, null, 0), (s.Ratio, s.Verdict, s.Pairs)));
        Assert.Equal(["with k6: nobody counted", "with k6 it is INVALID: the client was busy", "the run's driver has not measured it"], stacks.Select(s => s.NotMeasured));
    }

    [Fact]
    public void One_pair_alone_has_a_ratio_and_no_interval()
    {
        var (own, checks) = Pairs(1, 1, spread: 0, seed: 1, ratio: _ => 1.2);
        var ratio = DriverAgreements.Of(own, checks).Single().Stacks.Single();
        Assert.Equal((true, DriverVerdict.Undecided), (ratio.IsFinding, ratio.Verdict));
        Assert.Equal((null, null), (ratio.Low, ratio.High));
    }

    private static MeasuredTrial Spoil(MeasuredTrial trial) =>
        new(trial.Record, trial.Values, [new Finding("r", Severity.Invalid, "the client was busy", "")], trial.Outcomes, trial.FailureLatencies, trial.Timeline, trial.Stages, trial.RateHeld, trial.Time);

    private static (IReadOnlyList<MeasuredTrial> Own, IReadOnlyList<MeasuredTrial> Checks) Pairs(int stacks, int trials, double spread, int seed, Func<int, double> ratio, double deployments = 0)
    {
        var dice = new Dice(Dice.SeedOf($"{seed}"));
        var (own, checks) = (new List<MeasuredTrial>(), new List<MeasuredTrial>());
        for (var stack = 0; stack < stacks; stack++)
        {
            for (var trial = 1; trial <= trials; trial++)
            {
                var truth = 100 * Math.Exp(deployments * dice.Bell());
                own.Add(Trial(stack, trial, "native", truth * Math.Exp(spread * dice.Bell())));
                checks.Add(Trial(stack, trial, "k6", truth * ratio(stack) * Math.Exp(spread * dice.Bell()), isCheck: true));
            }
        }
        return (own, checks);
    }


    private static MeasuredTrial Trial(int stack, int trial, string driver, double value, bool isCheck = false)
    {
        var record = Facts.Record with
        {
            Case = Facts.Record.Case with { Contender = $"s{stack}", Stack = $"s{stack}", Trial = trial, IsDriverCheck = isCheck },
            Load = Facts.Record.Load with { Driver = driver },
        };
        return new MeasuredTrial(record, new Dictionary<string, Measured> { [ItemThroughput.MetricId] = Measured.Of(value) }, [], new Dictionary<string, int>(), new Dictionary<string, OutcomeLatency>(), [], [], null, null);
    }
}
