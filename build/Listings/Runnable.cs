using ServeBench.Domain.Stacks;
using ServeBench.Hosts;

namespace ServeBench.Build.Listings;

/// <summary>
/// For which of its groups a host of this machine can run a stack: what only one of them needs is no obstacle to the others.
/// </summary>
/// <param name="Groups">Those that it can serve.</param>
/// <param name="Lacking">What is lacking for the others, by group.</param>
internal sealed record Runnable(IReadOnlyList<string> Groups, IReadOnlyDictionary<string, Obstacle> Lacking)
{
    public static Runnable Of(IHost host, Stack stack)
    {
        var obstacles = stack.Groups.ToDictionary(g => g, g => host.CannotRun(stack with { Groups = [g] }));
        return new Runnable(
            [.. stack.Groups.Where(g => obstacles[g] is null)],
            obstacles.Where(o => o.Value is not null).ToDictionary(o => o.Key, o => o.Value!));
    }
}
