using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Evidence")]
[TaskDescription("Proves what the reports rely on (--what): prints tables of measured properties.")]
[WithoutCatalogue]
public sealed class EvidenceTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => EvidenceStage.RunAsync(context);
}
