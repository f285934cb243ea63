using System.Diagnostics;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Workloads;
using ServeBench.Load;

namespace ServeBench.Runs.Loading;

/// <summary>Reports to the observer how far a plan has come, weighing each part by how long it probably takes.</summary>
internal sealed class RunClock
{
    /// <summary>Starting, checking and stopping a server, roughly; shared among the cases of a deployment.</summary>
    private const double DeploymentSeconds = 3;

    private readonly IStep _step;
    private readonly double _deploymentShare;
    private readonly Profile _profile;
    private readonly double _ceilingSeconds;
    private readonly double _total;
    private double _done;
    private string _doing = "";
    private long _since = Stopwatch.GetTimestamp();

    public RunClock(RunPlan plan, IRunObserver observer)
    {
        _profile = plan.Profile;
        _deploymentShare = DeploymentShare(plan);
        _ceilingSeconds = plan.Profile.Ceiling.TotalSeconds;
        _total = Expected(plan).TotalSeconds;
        _step = observer.Begin("Measuring", TimeSpan.FromSeconds(_total));
    }

    /// <summary>How long a plan will probably take.</summary>
    public static TimeSpan Expected(RunPlan plan)
    {
        var (share, ceilings) =
            (DeploymentShare(plan), plan.Blocks.SelectMany(b => b.Steps).OfType<PlannedCeilings>().Sum(c => c.Ceilings.Count));
        return TimeSpan.FromSeconds(
            plan.Cases.Sum(c => SecondsOf(c, plan.Profile, share)) + (plan.Profile.Ceiling.TotalSeconds * ceilings));
    }

    /// <summary>What begins now.</summary>
    public void Now(string doing)
    {
        _doing = doing;
        _since = Stopwatch.GetTimestamp();
        Report("");
    }

    /// <summary>The progress of the load of the present case.</summary>
    public void Heard(LoadProgress progress)
    {
        var failures = progress.Failures > 0 ? $", {progress.Failures} failed" : "";
        Report($": {(progress.Phase == LoadPhase.WarmUp ? "warming up, " : "")}{progress.RequestsPerSecond:0} requests/s{failures}");
    }

    public void Finished(Case one) => Advance(SecondsOf(one, _profile, _deploymentShare));

    public void Finished(PlannedCeiling ceiling) => Advance(_ceilingSeconds);

    public void Done() => _step.Dispose();

    private static double DeploymentShare(RunPlan plan)
    {
        var deployments = plan.Blocks.SelectMany(b => b.Steps).OfType<PlannedDeployment>().ToArray();
        return DeploymentSeconds * deployments.Length / Math.Max(1, deployments.Sum(d => d.Cases.Count));
    }

    /// <summary>Most warm-ups end after six windows and a little more; few reach their limit.</summary>
    private static double SecondsOf(Case one, Profile profile, double deploymentShare) =>
        deploymentShare + (7 * profile.WarmUpWindow).TotalSeconds + one.Shape switch
        {
            RateSearch search => search.Spec.Probes * (search.Spec.Probe + profile.WarmUpWindow).TotalSeconds * 1.2,
            StepsOfMaxRate steps => steps.Spec.Shares.Count * steps.Spec.Each.TotalSeconds,
            var shape => (shape.Course?.Duration ?? profile.Measure).TotalSeconds,
        };

    private void Advance(double seconds)
    {
        _done += seconds;
        _since = Stopwatch.GetTimestamp();
        Report("");
    }

    private void Report(string how)
    {
        var underWay = Math.Min(Stopwatch.GetElapsedTime(_since).TotalSeconds, _profile.Measure.TotalSeconds * 0.95);
        _step.Report(Math.Min(1, (_done + underWay) / Math.Max(0.001, _total)), _doing + how);
    }
}
