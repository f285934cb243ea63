using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Compare")]
[TaskDescription("Compares a run with an earlier one (--baseline): regressions, and what changed in between.")]
[WithoutCatalogue]
public sealed class CompareTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => CompareStage.RunAsync(context);
}
