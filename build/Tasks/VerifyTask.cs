using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Verify")]
[TaskDescription("Deploys every stack once and checks its answers against the references.")]
[IsDependentOn(typeof(ModelsTask))]
[IsDependentOn(typeof(ImagesTask))]
[Measures]
public sealed class VerifyTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => VerifyStage.RunAsync(context);
}
