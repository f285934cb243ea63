using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("BaseImage")]
[TaskDescription("Makes the stacks' base images from Debian's packages, for machines that reach no registry.")]
public sealed class BaseImageTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => BaseImageStage.RunAsync(context);
}
