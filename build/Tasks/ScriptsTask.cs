using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Scripts")]
[TaskDescription("Writes every case as a k6 script to read and to run by hand.")]
[IsDependentOn(typeof(ModelsTask))]
public sealed class ScriptsTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => ScriptsStage.RunAsync(context);
}
