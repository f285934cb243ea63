using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;

namespace ServeBench.Runs.Planning;

/// <summary>Who takes part in a run, and who does not and why.</summary>
public sealed record StackSelection(IReadOnlyList<Contender> Contenders, IReadOnlyList<NotMeasured> Left)
{
    /// <param name="catalogue">All stacks.</param>
    /// <param name="host">Where they would run.</param>
    /// <param name="request">Group and names asked for.</param>
    /// <param name="workloads">The workloads that will be run.</param>
    /// <param name="profile">Whether a twin takes part.</param>
    /// <param name="drivers">What can make the load.</param>
    /// <exception cref="FaultException">when a stack was named and cannot take part, or none can.</exception>
    public static StackSelection Of(Catalogue catalogue, IHost host, RunRequest request, IReadOnlyList<Workload> workloads, Profile profile, DriverChoice drivers)
    {
        var chosen = new List<Stack>();
        var left = new List<NotMeasured>();
        var faults = new FaultList();
        foreach (var stack in catalogue.Stacks)
        {
            var named = request.Stacks?.Contains(stack.Name);
            if (!stack.Groups.Contains(request.Group))
            {
                if (named == true) faults.Add(new Fault("--stack", null, null, $"{stack.Name} does not serve {request.Group}", $"It serves: {string.Join(", ", stack.Groups)}"));
                continue;
            }
            if (named == false)
            {
                left.Add(new NotMeasured(stack.Name, "it was not asked for (--stack)"));
                continue;
            }
            if (Obstacle(catalogue, stack, host, workloads, drivers) is not { } obstacle) chosen.Add(stack);
            else if (named == true) faults.Add(new Fault("--stack", null, null, $"{stack.Name} cannot run here: {obstacle.Problem}", obstacle.Remedy));
            else left.Add(new NotMeasured(stack.Name, obstacle.ToString()));
        }
        if (chosen.Count == 0 && faults.Count == 0)
            faults.Add(new Fault("--stack", null, null, $"no stack can serve {request.Group} on the {host.Name} host here", "--target=Doctor says what is missing"));
        faults.ThrowIfAny();

        var contenders = chosen.Select(s => new Contender(s.Name, s, false)).ToList();
        if (profile.Twin) contenders.Add(new Contender(chosen[0].Name + Contender.TwinSuffix, chosen[0], true));
        return new StackSelection(contenders, left);
    }

    private static Obstacle? Obstacle(Catalogue catalogue, Stack stack, IHost host, IReadOnlyList<Workload> workloads, DriverChoice drivers)
    {
        if (host.CannotRun(stack) is { } obstacle) return obstacle;
        var deaf = workloads.FirstOrDefault(w => !w.Protocols.Any(stack.Protocols.Contains));
        if (deaf is not null) return new Obstacle($"it speaks none of the protocols of {deaf.Name} ({string.Join(", ", deaf.Protocols)})", "Leave that workload out with --workload");
        var mute = workloads.Select(w => Planner.ProtocolFor(catalogue, w, stack)).FirstOrDefault(p => drivers.For(p.Transport) is null);
        return mute is null ? null : new Obstacle($"no load driver here speaks {mute.Name} ({mute.Transport.Name})", "Try the other driver with --driver, or a k6 that has the extension for it");
    }
}
