using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Report")]
[TaskDescription("Renders the report of a run from what is stored, without any server.")]
[WithoutCatalogue]
public sealed class ReportTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => ReportStage.RunAsync(context);
}
