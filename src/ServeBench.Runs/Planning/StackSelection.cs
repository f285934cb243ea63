using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Load.Wire;

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
    /// <param name="seed">The run's base seed; which stack takes part twice rotates with it.</param>
    /// <exception cref="FaultException">when a stack was named and cannot take part, or none can.</exception>
    public static StackSelection Of(
        Catalogue catalogue,
        IHost host,
        RunRequest request,
        IReadOnlyList<Workload> workloads,
        Profile profile,
        DriverChoice drivers,
        long seed)
    {
        var chosen = new List<Stack>();
        var left = new List<NotMeasured>();
        var faults = new FaultList();
        foreach (var stack in catalogue.Stacks)
        {
            var named = request.Stacks?.Contains(stack.Name);
            if (stack is { IsDeployedByOthers: true, IsEndpoint: false })
            {
                if (named == true)
                    faults.Add(
                        new Fault(
                            "--stack",
                            null,
                            null,
                            $"{stack.Name} is deployed by its users, not from here",
                            $"Name one that runs: --endpoint=NAME=URL --endpoint-stack=NAME={stack.Name}"));
                continue;
            }
            if (!stack.Groups.Contains(request.Group))
            {
                if (named == true)
                    faults.Add(
                        new Fault(
                            "--stack",
                            null,
                            null,
                            $"{stack.Name} does not serve {request.Group}",
                            $"It serves: {string.Join(", ", stack.Groups)}"));
                continue;
            }
            if (named == false)
            {
                left.Add(new NotMeasured(stack.Name, "it was not asked for (--stack)"));
                continue;
            }
            var exposure = request.MayListenEverywhere ? null : host.Exposes(stack);
            // What only another of its groups needs is no obstacle here, and decides nothing.
            var own = stack.For(request.Group);
            var unasked = named == true ? null : host.OnlyByName(stack);
            if ((Obstacle(catalogue, own, host, workloads, drivers) ?? exposure ?? unasked) is not { } obstacle) chosen.Add(own);
            else if (named == true)
                faults.Add(new Fault("--stack", null, null, $"{stack.Name} cannot run here: {obstacle.Problem}", obstacle.Remedy));
            else left.Add(new NotMeasured(stack.Name, obstacle.ToString()));
        }
        if (chosen.Count == 0 && faults.Count == 0)
            faults.Add(
                new Fault(
                    "--stack",
                    null,
                    null,
                    $"no stack can serve {request.Group} on the {host.Name} host here",
                    "--target=Doctor says what is missing"));
        faults.ThrowIfAny();

        var contenders = chosen.SelectMany(s => s.Tracks, (s, t) => new Contender(s, t)).ToList();
        if (request.Tracks is { } asked)
        {
            left.AddRange(contenders
                .Where(c => !asked.Contains(c.Track.Name))
                .Select(c => new NotMeasured(c.Label, "its track was not asked for (--track)")));
            contenders.RemoveAll(c => !asked.Contains(c.Track.Name));
            if (contenders.Count == 0)
                throw new FaultException(
                    new Fault(
                        "--track",
                        null,
                        null,
                        $"no chosen stack has a track {string.Join(" or ", asked)}",
                        $"There are: {string.Join(", ", chosen.SelectMany(s => s.Tracks).Select(t => t.Name).Distinct())}"));
        }
        left.AddRange(
            from contender in contenders
            from precision in request.Precisions
            where !Serves(contender, precision)
            select new NotMeasured(
                $"{contender.Label}, {precision}",
                $"it serves {string.Join(" and ", contender.Stack.OtherPrecisions.Prepend(contender.Stack.Precision))} only"));
        contenders = [
            .. from precision in request.Precisions
                from contender in contenders
                where Serves(contender, precision)
                select contender.In(precision)];
        if (contenders.Count == 0)
            throw new FaultException(
                new Fault(
                    "--precision",
                    null,
                    null,
                    $"no chosen stack serves {string.Join(" or ", request.Precisions)}",
                    "--target=List shows the stacks; their stack.yaml says precision and other-precisions"));
        if (profile.Twin) contenders.Add(Twin(contenders, seed));
        return new StackSelection(contenders, left);
    }

    /// <summary>What is left when some stacks cannot be deployed after all.</summary>
    /// <param name="failed">Why, by stack.</param>
    /// <param name="named">Stacks that were asked for by name; null when none was.</param>
    /// <param name="profile">Whether a twin takes part.</param>
    /// <param name="seed">The run's base seed.</param>
    /// <exception cref="RunFailedException">when one that was named is among them, or none is left.</exception>
    public StackSelection Without(IReadOnlyDictionary<string, Obstacle> failed, IReadOnlyList<string>? named, Profile profile, long seed)
    {
        if (failed.Count == 0) return this;
        var left = Contenders.Where(c => !c.IsTwin && !failed.ContainsKey(c.Stack.Name)).ToList();
        var (stack, obstacle) = failed.First();
        if (left.Count == 0 || named?.Any(failed.ContainsKey) == true)
            throw new RunFailedException($"{stack} cannot be deployed: {obstacle.Problem}", obstacle.Remedy);
        if (profile.Twin) left.Add(Twin(left, seed));
        return new StackSelection(left, [.. Left, .. failed.Select(f => new NotMeasured(f.Key, f.Value.ToString()))]);
    }

    /// <summary>
    /// Any of them, by the run's base seed, which is drawn where the command gives none: over many runs the A/A pair is not always the
    /// same stack's, whose noise need not be that of the others.
    /// </summary>
    private static Contender Twin(List<Contender> contenders, long seed) => contenders[(int)((seed - 1) % contenders.Count)].Twin();

    private static bool Serves(Contender contender, string precision) =>
        contender.Stack.Precision == precision || contender.Stack.OtherPrecisions.Contains(precision);

    private static Obstacle? Obstacle(Catalogue catalogue, Stack stack, IHost host, IReadOnlyList<Workload> workloads, DriverChoice drivers)
    {
        if (host.CannotRun(stack) is { } obstacle) return obstacle;
        var unserved = workloads.FirstOrDefault(w => !w.Protocols.Any(stack.Protocols.Contains));
        if (unserved is not null)
            return new Obstacle(
                $"it speaks none of the protocols of {unserved.Name} ({string.Join(", ", unserved.Protocols)})",
                "Leave that workload out with --workload");
        Protocol[] protocols = [.. workloads.Select(w => Planner.ProtocolFor(catalogue, w, stack))];
        var undrivable = protocols.FirstOrDefault(p => drivers.For(p) is null);
        if (undrivable is not null)
            return new Obstacle(
                $"no load driver here speaks {undrivable.Name} ({undrivable.Wire.Name})",
                "Try the other driver with --driver, or a k6 that has the extension for it");
        var uncomparable = protocols.FirstOrDefault(p => WireFormat.Of(p).Uncomparable is not null);
        return uncomparable is null ? null : new Obstacle(
            $"its answers over {uncomparable.Name} cannot be compared with the references: {WireFormat.Of(uncomparable).Uncomparable}",
            "Let it speak another protocol of the workload as well");
    }
}
