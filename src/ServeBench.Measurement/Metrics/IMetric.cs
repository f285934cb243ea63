using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>
/// A metric as data. Each is one public class in one file with a parameterless constructor, found by
/// <see cref="MetricCatalogue"/>; it implements one of the interfaces that say what it is measured on.
/// </summary>
public interface IMetric
{
    /// <summary>Unique and stable: the key in results.json.</summary>
    string Id { get; }

    /// <summary>For table headings: short, without the unit.</summary>
    string Title { get; }

    Better Better { get; }

    MetricUnit Unit { get; }

    /// <summary>How it is computed, in words and symbols.</summary>
    string Formula { get; }

    /// <summary>Where the definition comes from.</summary>
    string Source { get; }

    /// <summary>The tables that show it; none for a metric that is shown by other means, or only in results.json.</summary>
    IReadOnlyList<TablePlace> Places => [];

    /// <summary>Above this a trial is spoiled, so that it is named beside the median; null for most metrics.</summary>
    double? SpoiledAbove => null;

    /// <summary>The heading of its column: the title with the shown unit.</summary>
    /// <param name="items">What throughput counts, in the plural.</param>
    string Heading(string items) => Unit.Shown switch
    {
        "" => Title,
        ['/', ..] => Title + Unit.Shown,
        _ => $"{Title} ({Unit.Shown})",
    };
}

/// <summary>Which direction is better, if any.</summary>
public enum Better
{
    Neither,
    Lower,
    Higher,
}

/// <summary>Measured on one trial of one case.</summary>
public interface ITrialMetric : IMetric
{
    /// <summary>False where the question makes no sense; such a case does not have the metric at all.</summary>
    bool AppliesTo(LoadRecord load) => true;

    Measured Measure(TrialFacts trial);
}

/// <summary>Measured on one trial of one case beside the other levels of the same closed loop on the same deployment.</summary>
public interface ISweepMetric : IMetric
{
    /// <inheritdoc cref="ITrialMetric.AppliesTo"/>
    bool AppliesTo(LoadRecord load) => true;

    Measured Measure(SweepPoint point, IReadOnlyList<SweepPoint> sweep);
}

/// <summary>Measured on one deployment, without any load.</summary>
public interface IDeploymentMetric : IMetric
{
    Measured Measure(DeploymentRecord deployment);
}
