using Cake.Core;
using Cake.Frosting;

namespace ServeBench.Build.Composition;

/// <summary>Before the first task: ends what a dead run left. After the last: keeps what went wrong for the exit code.</summary>
public sealed class BuildLifetime : FrostingLifetime<BuildContext>
{
    public override void Setup(BuildContext context, ISetupContext info)
    {
        // Cake's set-up cannot be waited for.
        foreach (var line in Task.Run(() => SweepAsync(context)).GetAwaiter().GetResult()) context.Screen.Warn(line);
    }

    private static async Task<IEnumerable<string>> SweepAsync(BuildContext context)
    {
        var hosts = context.Services.Hosts;
        await hosts.LookAsync([], context.Cancelled);
        return (await Task.WhenAll(hosts.All
            .Where(h => h.Unavailable is null)
            .Select(h => h.SweepAsync(context.Cancelled)))).SelectMany(e =>
            e);
    }

    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        if (info.ThrownException is { } failure) context.Outcome.FailedWith(failure);
    }
}
