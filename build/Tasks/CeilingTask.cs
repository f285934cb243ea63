using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Ceiling")]
[TaskDescription("Measures the raw runtime on every workload, in a loop with no server: what servers are held against.")]
[IsDependentOn(typeof(ModelsTask))]
[Measures]
public sealed class CeilingTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => CeilingStage.RunAsync(context);
}
