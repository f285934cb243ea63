using System.Globalization;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;

namespace ServeBench.Runs.Planning;

/// <summary>
/// The rates that are common to all stacks, once they are known: shares of what the raw runtime reached in the run's own first block,
/// before any stack was deployed (docs/decisions/0030).
/// </summary>
/// <param name="ceilings">Of the first block, or of the sweep before it where scripts are written without a run.</param>
public sealed class CommonRates(IEnumerable<CeilingRecord> ceilings)
{
    private readonly Dictionary<(string Workload, string Model), double> _itemsPerSecond = ceilings.ToDictionary(c => (c.Workload, c.Model), c => c.ItemsPerSecond);

    /// <summary>Requests per second that the raw runtime would serve.</summary>
    public double Ceiling(Case one) => _itemsPerSecond[(one.Workload.Name, one.Model.Model)] / ItemsPerRequest(one.Workload);

    /// <summary>The rate of a share.</summary>
    public double Of(Case one, double share) => Of(share, _itemsPerSecond[(one.Workload.Name, one.Model.Model)], one.Workload);

    /// <summary>Rounded to three digits: the ceiling is not known better than that.</summary>
    public static double Of(double share, double itemsPerSecond, Workload workload) =>
        double.Parse((share * itemsPerSecond / ItemsPerRequest(workload)).ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int ItemsPerRequest(Workload workload) => workload.Payload.ItemsPerRequest;
}
