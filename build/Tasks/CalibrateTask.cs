using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Calibrate")]
[TaskDescription("Measures the load driver itself against a null server.")]
[IsDependentOn(typeof(ModelsTask))]
[Measures]
public sealed class CalibrateTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => CalibrateStage.RunAsync(context);
}
