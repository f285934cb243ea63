using Cake.Core;
using Cake.Frosting;

namespace ServeBench.Build.Composition;

/// <summary>Before the first task: ends what a dead run left. After the last: keeps what went wrong for the exit code.</summary>
public sealed class BuildLifetime : FrostingLifetime<BuildContext>
{
    public override void Setup(BuildContext context, ISetupContext info)
    {
        foreach (var ended in context.Services.Hosts.All.Where(h => h.Unavailable() is null).SelectMany(h => h.Sweep()))
            context.Screen.Warn($"Ended {ended}");
    }

    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        if (info.ThrownException is { } failure) context.Outcome.FailedWith(failure);
    }
}
