using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// Reads searches, <c>search: { quick: { probes: 6, probe: 2s } }</c>, and overloads, <c>steps-of-max-rate: { standard: { shares: [50,
/// 80, 120, 50], each: 5s } }</c> with shares in per cent; both by profile.
/// </summary>
internal static class SearchReader
{
    public const string SearchKey = "search";
    public const string OverloadKey = "steps-of-max-rate";

    private const int MostProbes = 40;
    private const int MostRequests = 1_000_000;
    private const double UsualResolution = 0.05;

    /// <summary>p95 exists with 95 % confidence from 59 samples on; a few more leave room for a failure.</summary>
    private const int UsualRequests = 100;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static SearchScenario Search(YamlMapping section, string name, string title, IReadOnlyCollection<string> profiles) =>
        new(section.OneOf("arrivals", ArrivalProcesses.All), WorkloadReader.OfProfiles(section.Mapping(SearchKey), profiles, (of, profile) =>
        {
            var spec = of.Mapping(profile);
            var read = new SearchSpec(
                spec.Integer("probes", 2, MostProbes),
                spec.Duration("probe", Shortest, Longest),
                spec.Integer("requests", 1, MostRequests, UsualRequests),
                spec.Number("resolution", 0.001, 1, UsualResolution))
            {
                Start = spec.Has("start") ? spec.Number("start", 0.001, 1_000_000) : null,
            };
            spec.Done();
            return read;
        }))
        {
            Name = name,
            Title = title,
        };

    public static OverloadScenario Overload(YamlMapping section, string name, string title, IReadOnlyCollection<string> profiles) =>
        new(WorkloadReader.OfProfiles(section.Mapping(OverloadKey), profiles, (of, profile) =>
        {
            var spec = of.Mapping(profile);
            var shares = spec.Integers("shares", 1, 1000);
            var read = new OverloadSpec([.. shares.Select(s => s / 100.0)], spec.Duration("each", Shortest, Longest));
            spec.Done();
            return read;
        }))
        {
            Name = name,
            Title = title,
        };
}
