using System.Text;
using ServeBench.Measurement.Metrics;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Metrics;

public class MetricCatalogueTests
{
    [Fact]
    public void Every_metric_says_what_it_is()
    {
        Assert.NotEmpty(MetricCatalogue.All);
        Assert.All(MetricCatalogue.All, m =>
        {
            Assert.Matches("^[a-z0-9]+([-.][a-z0-9]+)*$", m.Id);
            Assert.NotEmpty(m.Title);
            Assert.NotEmpty(m.Formula);
            Assert.NotEmpty(m.Source);
            Assert.NotEmpty(m.Unit.Stored);
            Assert.True(m is ITrialMetric or ISweepMetric or IDeploymentMetric);
        });
        Assert.Equal(MetricCatalogue.All.Count, MetricCatalogue.All.Select(m => m.Id).Distinct().Count());
    }

    [Fact]
    public void Unknown_ids_are_named() => Assert.Contains("'speed'", Assert.Throws<KeyNotFoundException>(() => MetricCatalogue.Get("speed")).Message);

    /// <summary>docs/metrics.md is generated, so that it cannot say anything but what the code does.</summary>
    [Fact]
    public void The_document_lists_every_metric() => Approved.Check(Document(), "docs", "metrics.md");

    private static string Document()
    {
        var text = new StringBuilder();
        text.Append("""
            # Metrics

            Every metric that a report or `results.json` can hold. This page is generated from the definitions in
            `src/ServeBench.Measurement/Metrics` (a test compares the two); a new metric is one file there.

            Percentiles come from the pooled raw samples of one trial and are shown only where there are enough of them (p50: 11,
            p90: 64, p95: 130, p99: 662, p99.9: 6,636). Across trials the median and the range are shown. What was not measured has no
            value and a reason, never 0. `results.json` holds values in the stored unit; tables show the other.


            """);
        foreach (var (title, metrics) in Groups())
        {
            text.Append($"## {title}\n\n");
            foreach (var m in metrics)
            {
                text.Append($"### {m.Id}\n\n");
                text.Append($"{m.Title}. Stored in {(m.Unit.Stored == "1" ? "no unit" : m.Unit.Stored)}");
                if (m.Unit.Shown.Length > 0 && m.Unit.Shown != m.Unit.Stored && m.Unit.Shown != "/s") text.Append($", shown in {m.Unit.Shown}");
                text.Append(m.Better switch { Better.Lower => "; lower is better", Better.Higher => "; higher is better", _ => "; neither direction is better" });
                text.Append($".\n\n- Formula: {m.Formula}.\n- Source: {m.Source}.\n\n");
            }
        }
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    private static IEnumerable<(string Title, IEnumerable<IMetric> Metrics)> Groups() =>
    [
        ("Of one trial of one case", MetricCatalogue.OfTrials),
        ("Of one level of a closed loop, beside the other levels", MetricCatalogue.OfSweeps),
        ("Of one deployment", MetricCatalogue.OfDeployments),
    ];
}
