using ServeBench.Domain.Plans;
using ServeBench.Domain.Targets;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Load;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;
using ServeBench.Work;

namespace ServeBench.Runs.Loading;

/// <summary>What a driver is given of a case: the same whichever driver it is, and whether it loads or only writes a script.</summary>
internal sealed class LoadJobs(KnownWork work, Profile profile, SeedRecord seeds, string protocolsFolder)
{
    /// <summary>Whole answers kept for checking, per case.</summary>
    private const int AnswersChecked = 8;

    /// <summary>Requests in flight while an open loop's server warms up.</summary>
    private const int OpenLoopWarmUp = 4;

    /// <param name="one">The case.</param>
    /// <param name="shape">Its load, with every rate known.</param>
    /// <param name="target">Whom to load.</param>
    /// <param name="payloads">Its workload's payloads.</param>
    public LoadJob Of(Case one, LoadShape shape, ServerTarget target, PayloadSet payloads) => new()
    {
        Title = $"{one.Workload.Name}, {one.Scenario.Name}: {shape.Title}",
        Protocol = one.Protocol.Name,
        ProtocolFiles = [.. WireFormat.Of(one.Protocol).Files.Select(f => Path.Combine(protocolsFolder, f))],
        Target = target,
        Payloads = payloads,
        Shape = shape,
        WarmUp = new WarmUpSettings(profile.WarmUpWindow, profile.WarmUpLimit, OpenLoopWarmUp),
        Measure = shape.Window(profile.Measure, profile.LeastRequests, profile.LongestMeasure),
        LeastRequests = profile.LeastRequests,
        LongestMeasure = profile.LongestMeasure,
        Deadline = one.Workload.Objectives.Deadline,
        Objectives = one.Workload.Objectives,
        ArrivalSeed = Seeds.Derive(seeds.Arrivals, $"{one.Workload.Name} {one.Scenario.Name} trial {one.Trial}"),
        OrderSeed = Seeds.Derive(seeds.Payload, $"order of {one.Workload.Name} trial {one.Trial}"),
        LeastBytesPerItem = work.Of(one.Workload).LeastBytesPerItem(one.Model),
        KeepAnswers = AnswersChecked,
        CountText = work.Of(one.Workload).TextCounter(one.Model),
        Rules = one.Contender.Stack.OutcomeRules,
        Habits = one.Contender.Stack.Lifecycle.Connections,
    };
}
