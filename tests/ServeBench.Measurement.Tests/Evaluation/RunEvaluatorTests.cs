using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Evaluation;

[Lane("slow")]
public sealed class RunEvaluatorTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_whole_run_gives_every_case_with_every_trial()
    {
        var results = Evaluate(new SyntheticRun());
        Assert.True(results.Run.Complete);
        Assert.False(results.AnyInvalid);
        Assert.Equal(15, results.Cases.Count);
        Assert.All(results.Cases, c => Assert.Equal([1, 2, 3], c.Trials.Select(t => t.Trial)));
        Assert.Equal(results.Run.Requests, results.Cases.SelectMany(c => c.Trials).Sum(t => (long)t.Requests));
        Assert.Equal(["c1", "c4", "c16", "poisson-76"], results.Cases.Where(c => c.Workload == "mixed-length").Select(c => c.Level).Distinct());
        Assert.Equal(["capacity", "capacity", "latency"], results.NoiseFloors.Select(f => f.Question));
        Assert.Empty(results.Reused);
        Assert.Equal(3, results.Answers.Count);
        Assert.All(results.Contenders, c => Assert.Equal(3, c.Metrics["cold-start"].Trials));
    }

    [Fact]
    public void The_ceiling_is_the_median_of_the_repetitions_inside_the_run()
    {
        var folder = new SyntheticRun().Write(_temporary.Path);
        var inside = folder.ReadCeilings().Where(c => c.Workload == "mixed-length" && c.Trial > 0).Select(c => c.ItemsPerSecond).Order().ToArray();
        var results = RunEvaluator.Evaluate(folder);
        var ceiling = results.Ceilings.Single(c => c.Workload == "mixed-length");
        Assert.Equal(inside[1], ceiling.ItemsPerSecond.Median!.Value, 6);
        Assert.Equal(3, ceiling.ItemsPerSecond.Trials);
        Assert.Equal(3, ceiling.Sweep.Count);
        var of = results.Cases[0];
        Assert.Equal(of.Trials[0].Values["item-throughput"] / inside[1], of.Trials[0].Values["serving-efficiency"], 6);
    }

    [Fact]
    public void A_reused_trial_is_related_to_the_raw_runtime_of_the_run_that_measured_it()
    {
        var folder = new SyntheticRun { Change = r => r.Case.Stack == SyntheticRun.Unbatched ? r with { MeasuredByRun = "earlier" } : r }.Write(_temporary.Path);
        foreach (var own in folder.ReadCeilings().Where(c => c.Trial > 0))
        {
            var slower = own with { MeasuredByRun = "earlier", ItemsPerSecond = own.ItemsPerSecond / 2, StartedUtc = own.StartedUtc.AddDays(-1) };
            RunFolder.WriteJson(Path.Combine(folder.Ceilings, $"{own.Workload}-{own.Trial}-earlier.json"), slower, DomainJson.Readable.CeilingRecord);
        }
        var results = RunEvaluator.Evaluate(folder);
        var ceiling = results.Ceilings.Single(c => c.Workload == "mixed-length").ItemsPerSecond;
        Assert.Equal(3, ceiling.Trials);
        double Share(string stack)
        {
            var trial = results.Cases.First(c => c.Stack == stack && c.Workload == "mixed-length" && c.Level == "c4").Trials[0];
            return trial.Values["item-throughput"] / trial.Values["serving-efficiency"];
        }
        Assert.Equal(ceiling.Median!.Value, Share(SyntheticRun.Batched), 1e-3);
        Assert.Equal(ceiling.Median.Value / 2, Share(SyntheticRun.Unbatched), 1e-3);
    }

    [Fact]
    public void One_spoiled_trial_costs_that_trial_only()
    {
        var results = Evaluate(new SyntheticRun
        {
            Change = r => r.Case is { Contender: SyntheticRun.Batched, Level: "poisson-76", Trial: 2 } ? r with { Client = r.Client with { CoresBusy = 0.93 } } : r,
        });
        var of = results.Cases.Single(c => c.Contender == SyntheticRun.Batched && c.Level == "poisson-76");
        Assert.Equal(Standing.Valid, of.Standing);
        Assert.Equal([null, "client-cores-busy", null], of.Trials.Select(t => t.Spoiled is null ? null : t.Findings[0].Rule));
        Assert.Equal([1, 2, 3], of.Trials.Select(t => t.Block));
        Assert.Equal(2, of.Metrics["latency-p50"].Trials);
        Assert.False(results.AnyInvalid);
    }

    [Fact]
    public void A_server_that_cannot_hold_the_rate_has_lost_and_keeps_the_rate_that_it_held()
    {
        // 0.25 s more for every second: it answers four fifths of the 76 requests per second.
        var results = Evaluate(new SyntheticRun
        {
            Behaviour = (of, load) => SyntheticBehaviour.Usual(of, load) with { Growth = of.Stack == SyntheticRun.Unbatched && load.Loop == "open" ? 0.25 : 0 },
        });
        var of = results.Cases.Single(c => c.Stack == SyntheticRun.Unbatched && c.Question == "latency");
        Assert.Equal(Standing.Saturated, of.Standing);
        Assert.InRange(of.RateHeld!.Value, 57, 65);
        Assert.All(of.Trials, t => Assert.Null(t.Spoiled));
    }

    [Fact]
    public void Spoiled_trials_that_leave_no_majority_make_a_case_invalid_and_keep_it_out_of_comparisons()
    {
        var results = Evaluate(new SyntheticRun
        {
            Change = r => r.Case is { Contender: SyntheticRun.Batched, Level: "poisson-76", Trial: 2 or 3 } ? r with { Client = r.Client with { CoresBusy = 0.93 } } : r,
        });
        var of = results.Cases.Single(c => !c.Valid);
        Assert.Equal([true, false, false], of.Trials.Select(t => t.Valid));
        var finding = Assert.Single(of.Findings);
        Assert.Equal(("client-cores-busy", Severity.Invalid), (finding.Rule, finding.Severity));
        Assert.Equal([2, 3], finding.Trials);
        // The trials of the twin, which is the same stack, still count.
        var side = results.Answers.Single(a => a.Question == "latency").Standings.Single(s => s.Stack == SyntheticRun.Batched);
        Assert.Equal(3, side.Values.Count);
        Assert.True(results.AnyInvalid);
    }

    [Fact]
    public void A_percentile_that_one_trial_cannot_support_is_not_shown_for_the_case()
    {
        var results = Evaluate(new SyntheticRun { WindowSeconds = 0.9 });
        var of = results.Cases.First(c => c.Level == "poisson-76" && c.Trials.Any(t => t.Values.ContainsKey("latency-p90")) && c.Trials.Any(t => !t.Values.ContainsKey("latency-p90")));
        Assert.Null(of.Median("latency-p90"));
        Assert.Matches("^in [12] of 3 trials: p90 needs at least 64 samples and there are [0-9]+$", of.Metrics["latency-p90"].NotMeasured);
        Assert.NotNull(of.Median("latency-p50"));
    }

    [Fact]
    public void A_stack_that_fails_parity_is_not_timed_and_says_so()
    {
        var results = Evaluate(new SyntheticRun
        {
            ChangeDeployment = d => d.Contender == SyntheticRun.Unbatched
                ? d with { Parity = new ParityRecord(false, 8, 0.3, 0.71, 1e-4, 0.9999, "input 3: cosine 0.71"), ColdStartSeconds = null }
                : d,
        });
        Assert.DoesNotContain(results.Cases, c => c.Stack == SyntheticRun.Unbatched);
        Assert.True(results.AnyInvalid);
        Assert.False(results.Run.Complete);
        var missing = results.NotMeasured.Single(n => n.What.StartsWith(SyntheticRun.Unbatched, StringComparison.Ordinal));
        Assert.Equal("onnxruntime-dotnet-unbatched: 15 planned cases of trial 1, 2, 3", missing.What);
        Assert.Equal("parity failed, so it was not timed: input 3: cosine 0.71", missing.Why);
        Assert.Equal("the server never gave a correct answer", results.Contenders[1].Metrics["cold-start"].NotMeasured);
    }

    [Fact]
    public void One_deployment_that_fails_parity_spoils_the_whole_stack()
    {
        var results = Evaluate(new SyntheticRun
        {
            ChangeDeployment = d => d is { IsTwin: true, Trial: 2 } ? d with { Parity = new ParityRecord(false, 8, 0.3, 0.71, 1e-4, 0.9999, "input 3: cosine 0.71") } : d,
        });
        Assert.All(results.Cases, c => Assert.Equal(c.Stack != SyntheticRun.Batched, c.Valid));
        Assert.All(results.Cases.Where(c => !c.Valid), c => Assert.Equal("parity-failed", c.Findings[0].Rule));
        Assert.All(results.Comparisons, c => Assert.Equal(ComparisonVerdict.NotCompared, c.Verdict));
    }

    [Fact]
    public void What_is_not_measured_yet_is_said()
    {
        var results = Evaluate(new SyntheticRun { Finished = false, Change = r => r.Case.Trial == 3 ? null : r });
        Assert.False(results.Run.Complete);
        Assert.Equal((45, 30), (results.Run.PlannedCases, results.Run.MeasuredCases));
        Assert.Contains(results.NotMeasured, n => n is { What: "onnxruntime-dotnet: 5 planned cases of trial 3", Why: "not measured yet; the same command goes on from here" });
    }

    [Fact]
    public void Results_of_an_earlier_run_are_named()
    {
        var results = Evaluate(new SyntheticRun { Change = r => r.Case.Stack == SyntheticRun.Batched ? r with { MeasuredByRun = "earlier" } : r });
        Assert.Contains(results.Reused, r => r is { Contender: SyntheticRun.Batched, Run: "earlier", Trials: 3 } && r.FirstUtc <= r.LastUtc);
        Assert.All(results.Comparisons, c => Assert.Equal(ComparisonVerdict.NotCompared, c.Verdict));
    }

    [Fact]
    public void Without_a_calibration_every_case_says_that_the_bottleneck_is_unknown()
    {
        var results = Evaluate(new SyntheticRun { Calibrated = false });
        Assert.Null(results.Calibration);
        Assert.All(results.Cases, c => Assert.Equal("client-near-its-ceiling", Assert.Single(c.Findings).Rule));
        Assert.All(results.Cases, c => Assert.True(c.Valid));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("exchanged")]
    [InlineData("missing")]
    public void Sample_files_that_are_not_those_of_the_record_are_refused(string damage)
    {
        var folder = new SyntheticRun { Trials = 1 }.Write(_temporary.Path);
        var planned = folder.ReadManifest().Trials;
        var file = RunFolder.SamplesFileOf(Path.Combine(folder.Path, planned[0].File));
        if (damage == "cut") File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        if (damage == "exchanged") File.Copy(RunFolder.SamplesFileOf(Path.Combine(folder.Path, planned[1].File)), file, overwrite: true);
        if (damage == "missing") File.Delete(file);
        var failure = Assert.Throws<RunFailedException>(() => RunEvaluator.Evaluate(folder));
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains("measure it again", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_byte_is_noticed_by_the_hash()
    {
        var folder = new SyntheticRun { Trials = 1 }.Write(_temporary.Path);
        var file = RunFolder.SamplesFileOf(Path.Combine(folder.Path, folder.ReadManifest().Trials[0].File));
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 0x02; // the last payload number, still well-formed
        File.WriteAllBytes(file, bytes);
        Assert.Contains("SHA-256", Assert.Throws<RunFailedException>(() => RunEvaluator.Evaluate(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_with_different_models_are_never_put_together()
    {
        var results = RunEvaluator.Evaluate(SecondModel.AddTo(new SyntheticRun().Write(_temporary.Path), slowerBySeconds: 10));
        Assert.Equal(6, results.Contenders.Count);
        Assert.All(results.Contenders, c => Assert.Equal((3, 3), (c.Deployments.Count, c.Metrics["cold-start"].Trials)));
        Assert.All(results.Contenders, c => Assert.All(c.Deployments, d => Assert.Equal(c.Model, d.Model)));
        Assert.All(results.Contenders, c => Assert.InRange(c.Metrics["cold-start"].Median!.Value, c.Model == SecondModel.Name ? 10.4 : 0.4, c.Model == SecondModel.Name ? 10.5 : 0.5));
    }

    [Fact]
    public void Can_be_cancelled()
    {
        var folder = new SyntheticRun { Trials = 1 }.Write(_temporary.Path);
        Assert.ThrowsAny<OperationCanceledException>(() => RunEvaluator.Evaluate(folder, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Results_survive_their_file_and_are_the_same_bytes_again()
    {
        var folder = new SyntheticRun().Write(_temporary.Path);
        var json = ResultsJson.Write(RunEvaluator.Evaluate(folder));
        Assert.Equal(json, ResultsJson.Write(RunEvaluator.Evaluate(folder)));
        Assert.Equal(json, ResultsJson.Write(ResultsJson.Read(json)));
    }

    private RunResults Evaluate(SyntheticRun run) => RunEvaluator.Evaluate(run.Write(_temporary.Path));
}
