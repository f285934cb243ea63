using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Ceiling")]
[TaskDescription("Measures the raw runtime on every workload: the most any server could reach.")]
[IsDependentOn(typeof(ModelsTask))]
public sealed class CeilingTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => CeilingStage.RunAsync(context);
}
