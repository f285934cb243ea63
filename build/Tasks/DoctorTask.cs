using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Listings;

namespace ServeBench.Build.Tasks;

[TaskName("Doctor")]
[TaskDescription("Says what can run on this machine, and what is missing for the rest.")]
[WithoutCatalogue]
public sealed class DoctorTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => DoctorListing.ShowAsync(context);
}
