using ServeBench.Domain.Faults;
using ServeBench.Hosts;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Stages;

/// <summary>Has the host do what it must before it can deploy the stacks: build their images, where there are images.</summary>
internal static class StacksStage
{
    /// <exception cref="RunFailedException">when it fails for a stack that was asked for by name, or for all.</exception>
    public static async Task<PreparedStacks> RunAsync(RunSetup setup, CancellationToken cancellationToken)
    {
        var observer = setup.Services.Observer;
        var stacks = setup.Stacks.Contenders.Select(c => c.Stack).DistinctBy(s => s.Name).ToArray();
        var failed =
            await setup.Host.PrepareAsync(stacks, new PrepareOptions(Force: false, setup.Request.Offline), observer, cancellationToken);
        foreach (var (stack, obstacle) in failed) observer.Warn($"{stack} takes no part: {obstacle}");
        return new PreparedStacks(setup.Stacks.Without(failed, setup.Request.Stacks, setup.Profile, setup.Seeds.Base), failed.Count > 0);
    }
}

/// <param name="Selection">Who takes part, and who does not and why.</param>
/// <param name="SomeFailed">True when a stack that was to take part could not be prepared.</param>
internal sealed record PreparedStacks(StackSelection Selection, bool SomeFailed);
