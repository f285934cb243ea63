using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Import")]
[TaskDescription("Brings results of other tools (--from, --as) into a run's report, marked as imported.")]
public sealed class ImportTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => ImportStage.RunAsync(context);
}
