using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Test")]
[TaskDescription("Builds and runs every test, and counts them.")]
[WithoutCatalogue]
public sealed class TestTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => TestStage.RunAsync(context);
}
