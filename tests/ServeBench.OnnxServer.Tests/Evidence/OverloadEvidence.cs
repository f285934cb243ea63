using System.Globalization;
using System.Net;
using System.Text;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Evidence;

/// <summary>Three times as many requests as the server can answer.</summary>
public sealed class OverloadEvidence(PreparedMiniLm model)
{
    private const int InFlight = 16;

    [Fact(Explicit = true)]
    public async Task Goodput_at_three_times_the_capacity()
    {
        var window = Bench.Window(usualSeconds: 30);
        var bodies = SpokenTexts.Mixed(420, seed: 7).Select(SpokenTexts.Body).ToArray();
        await using var server = await Bench.StartAsync(model, "--max-wait=2s");
        await Bench.ClosedLoopAsync(server, bodies, InFlight, TimeSpan.FromSeconds(2));
        var before = await Bench.ClosedLoopAsync(server, bodies, InFlight, window);
        var over = await Bench.OpenLoopAsync(server, bodies, before.Rate * 3, window, seed: 5);
        var after = await Bench.ClosedLoopAsync(server, bodies, InFlight, window);
        Assert.All(over, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.Status}"));
        double[] Of(HttpStatusCode status) => [.. over.Where(o => o.Status == status).Select(o => o.Milliseconds).Order()];
        var (good, refused) = (Of(HttpStatusCode.OK), Of(HttpStatusCode.TooManyRequests));
        var goodput = good.Length / window.TotalSeconds;
        var most = (before.Rate + after.Rate) / 2;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Maximum {before.Rate:0.0}/s before and {after.Rate:0.0}/s after, {InFlight} in flight. {over.Length} arrivals at {before.Rate * 3:0.0}/s for {window.TotalSeconds:0} s:\n\n");
        text.Append("| | requests | p50, ms | p95, ms | p99, ms |\n|---|---|---|---|---|\n");
        void Row(string name, double[] values)
        {
            string Cell(double share) => values.Length == 0 ? "none" : Bench.Percentile(values, share).ToString("0.0", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {values.Length} | {Cell(0.5)} | {Cell(0.95)} | {Cell(0.99)} |\n");
        }
        Row("answered", good);
        Row("refused with 429", refused);
        text.Append(CultureInfo.InvariantCulture, $"\nGoodput {goodput:0.0}/s, {goodput / most:0.00} of the maximum (answers of the last {good.LastOrDefault() / 1e3:0.0} s came after the end).\n");
        Bench.Report("overload", text);
    }
}
