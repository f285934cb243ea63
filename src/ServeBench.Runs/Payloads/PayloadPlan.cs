using ServeBench.Domain.Plans;
using ServeBench.Load;

namespace ServeBench.Runs.Payloads;

/// <summary>
/// Divides a workload's payloads among all that one deployment is sent (method.md, rule 8): a quarter for what is not measured, and
/// an equal stretch for every window, the probes of a search among them. All stretches are whole mixes. The same case draws the same
/// payloads whichever stack it is put to.
/// </summary>
internal static class PayloadPlan
{
    private const int WarmUpPart = 4;

    /// <param name="one">The case.</param>
    /// <param name="cases">All cases of its deployment; their order does not matter.</param>
    /// <param name="payloads">Of its workload.</param>
    /// <param name="seed">Where the window begins in its stretch, another in every trial.</param>
    /// <returns>
    /// The stretch of what is not measured, and one for each window of the case. Where there are too few payloads for all, every
    /// window goes round all of them, and the audit says what was repeated.
    /// </returns>
    public static (PayloadStretch WarmUp, IReadOnlyList<PayloadStretch> Windows) Of(
        Case one, IEnumerable<Case> cases, WorkloadPayloads payloads, long seed)
    {
        var all = cases.Where(c => c.Workload.Name == one.Workload.Name).OrderBy(Name, StringComparer.Ordinal).ToArray();
        var before = all.TakeWhile(c => Name(c) != Name(one)).Sum(Weight);
        var mixes = payloads.Requests.Count / payloads.Mix;
        var warmUp = Math.Max(1, mixes / WarmUpPart);
        var each = (mixes - warmUp) / all.Sum(Weight);
        if (each < 1)
        {
            var everything = new PayloadStretch(0, payloads.Requests.Count);
            return (everything, [.. Enumerable.Repeat(everything, one.Shape is RateSearch ? Weight(one) : 1)]);
        }
        // The steps of an overload are one window.
        var length = each * (one.Shape is RateSearch ? 1 : Weight(one));
        PayloadStretch Window(int place) => new(
            (warmUp + (before * each) + (place * length)) * payloads.Mix,
            length * payloads.Mix,
            (int)(Seeds.Derive(seed, $"{Name(one)} begins, trial {one.Trial}") % each) * payloads.Mix);
        return (
            new PayloadStretch(0, warmUp * payloads.Mix),
            [.. Enumerable.Range(0, one.Shape is RateSearch ? Weight(one) : 1).Select(Window)]);
    }

    /// <summary>As above of a load that has a deployment for itself; where there is one mix only, both go round it.</summary>
    public static PayloadSlices OfOne(WorkloadPayloads payloads)
    {
        var mixes = payloads.Requests.Count / payloads.Mix;
        var warmUp = Math.Max(1, mixes / WarmUpPart) * payloads.Mix;
        return mixes < 2
            ? new PayloadSlices(new PayloadStretch(0, payloads.Requests.Count), new PayloadStretch(0, payloads.Requests.Count))
            : new PayloadSlices(new PayloadStretch(0, warmUp), new PayloadStretch(warmUp, (mixes * payloads.Mix) - warmUp));
    }

    /// <summary>How many windows' worth of payloads a case gets.</summary>
    private static int Weight(Case one) => one.Shape switch
    {
        RateSearch search => search.Spec.Probes,
        StepsOfMaxRate steps => steps.Spec.Shares.Count,
        _ => 1,
    };

    private static string Name(Case one) => $"{one.Scenario.Name} {one.Shape.Id}{(one.IsDriverCheck ? " by the second driver" : "")}";
}
