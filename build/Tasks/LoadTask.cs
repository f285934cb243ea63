using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Load")]
[TaskDescription("Deploys every stack, verifies it, and measures what is not measured yet.")]
[IsDependentOn(typeof(ModelsTask))]
[IsDependentOn(typeof(ImagesTask))]
[IsDependentOn(typeof(CalibrateTask))]
[IsDependentOn(typeof(CeilingTask))]
[Measures]
public sealed class LoadTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => LoadStage.RunAsync(context);
}
