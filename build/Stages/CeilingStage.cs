using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Models;
using ServeBench.Domain.Trials;

namespace ServeBench.Build.Stages;

/// <summary>Measures the raw runtime and, when that is what was asked for, shows what it found.</summary>
internal static class CeilingStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            var records = await session.CeilingsAsync(context.Cancelled);
            if (context.IsTarget("Ceiling")) Show(records, session.Nouns.Inputs, context.Screen);
        }
    }

    private static void Show(IReadOnlyList<CeilingRecord> records, string inputs, Screen screen)
    {
        foreach (var runtime in records.Select(r => r.Runtime).Distinct())
            screen.Say($"{runtime}, in a loop without a server; {inputs} per second by batch size");
        foreach (var model in records.GroupBy(r => $"{r.Model} ({WeightsSource.Words(r.Weights)}, {r.Precision})"))
        {
            screen.Say(model.Key);
            string[][] rows =
            [
                ["workload", .. model.First().Sweep.Select(p => $"{p.BatchSize}"), "ceiling"],
                .. model.Select(
                    r => (string[])[
                        r.Workload,
                        .. r.Sweep.Select(p => $"{p.ItemsPerSecond:0.0}"),
                        $"{r.ItemsPerSecond:0.0} at batch {r.BatchSize}"]),
            ];
            screen.Table(rows, hasHeading: true, indent: 2);
        }
    }
}
