using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Images")]
[TaskDescription("Builds the container images of the stacks whose content has changed; shows what is there.")]
public sealed class ImagesTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => ImageStage.RunAsync(context);
}
