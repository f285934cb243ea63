using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Work;

namespace ServeBench.Runs.Planning;

/// <summary>
/// The rates that are common to all stacks, once they are known: shares of what the raw runtime reached in the run's own first block,
/// before any stack was deployed (docs/decisions/0030).
/// </summary>
/// <param name="ceilings">Of the first block, or of the sweep before it where scripts are written without a run.</param>
/// <param name="most">The largest rate that every server of the run may be sent: all get the same, and none more than it may.</param>
public sealed class CommonRates(IEnumerable<CeilingRecord> ceilings, double most = double.PositiveInfinity)
{
    private readonly Dictionary<(string Workload, string Model), double> _itemsPerSecond =
        ceilings.ToDictionary(c => (c.Workload, c.Model), c => c.ItemsPerSecond);

    /// <summary>Refuses workloads whose rates depend on a raw runtime that their kind of work does not have.</summary>
    /// <exception cref="FaultException">with one fault for each scenario.</exception>
    public static void Check(IReadOnlyList<Workload> workloads, WorkKind work)
    {
        if (work.HasRawRuntime) return;
        var faults = new FaultList();
        foreach (var (workload, scenario) in workloads.SelectMany(w => w.Scenarios, (w, s) => (w, s)))
        {
            if (NeedsCeiling(scenario))
            {
                faults.Add(
                    new Fault(
                        workload.File,
                        null,
                        $"scenarios.{scenario.Name}",
                        $"its rates are shares of the raw runtime's, and {work.Nouns.Items} have no raw runtime here",
                        "Give requests per second: 100/s, and `start` for a search"));
            }
        }
        faults.ThrowIfAny();
    }

    private static bool NeedsCeiling(Scenario scenario) => scenario switch
    {
        OpenScenario open => open.Rates.Values.Any(rates => rates.Any(r => r.OfCeiling is not null)),
        OpenRampScenario ramp =>
            ramp.Ramps.Values.Any(r => r.Stages.Select(s => s.Target).Prepend(r.Start).Any(t => t.OfCeiling is not null)),
        SearchScenario search => search.Searches.Values.Any(s => s.Start is null),
        _ => false,
    };

    /// <summary>Requests per second that the raw runtime would serve.</summary>
    public double Ceiling(Case one) => _itemsPerSecond[(one.Workload.Name, one.Model.Model)] / ItemsPerRequest(one.Workload);

    /// <summary>The rate of a share.</summary>
    public double Of(Case one, double share) =>
        Math.Min(most, Of(share, _itemsPerSecond[(one.Workload.Name, one.Model.Model)], one.Workload));

    /// <summary>Rounded to three digits: the ceiling is not known better than that.</summary>
    public static double Of(double share, double itemsPerSecond, Workload workload) =>
        double.Parse(
            (share * itemsPerSecond / ItemsPerRequest(workload)).ToString("G3", CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);

    private static int ItemsPerRequest(Workload workload) => workload.Payload.ItemsPerRequest;
}
