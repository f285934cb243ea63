using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Clean")]
[TaskDescription("Removes prepared models, stored results, records of images and logs; published runs stay.")]
[WithoutCatalogue]
public sealed class CleanTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => CleanStage.RunAsync(context);
}
