using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Listings;

namespace ServeBench.Build.Tasks;

[TaskName("List")]
[TaskDescription("Shows groups, models, stacks, workloads, protocols, profiles and hosts, and where each can run.")]
public sealed class ListTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => CatalogueListing.ShowAsync(context);
}
