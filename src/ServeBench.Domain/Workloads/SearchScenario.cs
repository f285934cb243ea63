using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// A search for the largest open-loop rate that meets the workload's objectives, the headline of capacity: <c>search: { quick: { probes: 6,
/// probe: 2s } }</c>.
/// </summary>
/// <param name="Arrivals"><c>constant</c> or <c>poisson</c>.</param>
/// <param name="Searches">How it is searched, by profile name.</param>
public sealed record SearchScenario(string Arrivals, IReadOnlyDictionary<string, SearchSpec> Searches) : Scenario
{
    internal const string LevelsKey = "search";

    private const int MostProbes = 40;
    private const int MostRequests = 1_000_000;
    private const double UsualResolution = 0.05;

    /// <summary>p95 exists with 95 % confidence from 59 samples on; a few more leave room for a failure.</summary>
    private const int UsualRequests = 100;

    public override string Question => Questions.Capacity;

    public override IReadOnlyCollection<string> Profiles => [.. Searches.Keys];

    public override bool FindsMaxRate => true;

    public override IEnumerable<LoadShape> Shapes(string profile, Func<double, double> ofCeiling) =>
        [new RateSearch(Arrivals, Searches[profile])];

    private static SearchScenario Read(ScenarioSection of) =>
        new SearchScenario(of.Section.OneOf("arrivals", ArrivalProcesses.All), of.OfProfiles(LevelsKey, (searches, profile) =>
        {
            var spec = searches.Mapping(profile);
            var read = new SearchSpec(
                spec.Integer("probes", 2, MostProbes),
                spec.Duration("probe", ScenarioSection.ShortestProbe, ScenarioSection.LongestProbe),
                spec.Integer("requests", 1, MostRequests, UsualRequests),
                spec.Number("resolution", 0.001, 1, UsualResolution))
            {
                Start = spec.Has("start") ? spec.Number("start", 0.001, 1_000_000) : null,
            };
            spec.Done();
            return read;
        }))
        {
            Name = of.Name,
            Title = of.Title,
        };

    internal sealed class Kind : IScenarioKind
    {
        public Loop Loop => Loop.Open;

        public string Key => LevelsKey;

        public Scenario Read(ScenarioSection of) => SearchScenario.Read(of);
    }
}

/// <param name="Probes">Rates tried at most.</param>
/// <param name="Probe">Least length of one probe.</param>
/// <param name="Requests">Requests that a probe has at least, where that does not take more than three times its length.</param>
/// <param name="Resolution">The search is over when the smallest rate that failed is at most so much above the largest that was
/// met, as a share.</param>
public sealed record SearchSpec(int Probes, TimeSpan Probe, int Requests, double Resolution)
{
    /// <summary>The rate to begin with, requests per second; null to begin at a share of what the raw runtime serves.</summary>
    public double? Start { get; init; }
}
