using ServeBench.Build.Composition;
using ServeBench.Domain.Trials;
using ServeBench.Reports.Content;

namespace ServeBench.Build.Stages;

/// <summary>Checks every stack's answers and shows how far they are from the references.</summary>
internal static class VerifyStage
{
    private static readonly string[] Heading =
        ["stack", "model", "first answer", "largest difference", "least cosine", "verdict", "one bad item among good ones"];

    public static async Task RunAsync(BuildContext context)
    {
        var rows = new List<string[]> { Heading };
        var failures = new List<string>();
        foreach (var session in context.Sessions)
        {
            foreach (var record in await session.VerifyAsync(context.Cancelled))
            {
                rows.Add(Row(record));
                if (record.Failure is { } failure) failures.Add($"{record.Contender}: {failure}");
            }
        }
        if (context.Sessions.Any(s => s.SomeUnprepared)) context.Outcome.SomeInvalid();
        context.Screen.Table(rows, hasHeading: true);
        foreach (var failure in failures) context.Screen.Error(failure);
        if (failures.Count > 0) context.Outcome.SomeInvalid();
    }

    private static string[] Row(DeploymentRecord record) =>
    [
        record.Contender,
        record.Model,
        record.ColdStartSeconds is { } seconds ? $"{seconds:0.00} s" : "none",
        record.Parity?.MaximumDifference is { } difference ? $"{difference:0.0e+0}" : "not measured",
        record.Parity?.LeastCosine is { } cosine ? $"{cosine:0.000000}" : "not measured",
        record.Failure is null ? "answers agree" : record.Parity is { Passed: false } ? "PARITY FAILED" : "did not start",
        Isolation(record),
    ];

    private static string Isolation(DeploymentRecord record)
    {
        if (record.Isolation is not { } isolation) return "not tried";
        return isolation.BadItem is null
            ? IsolationWords.Item(isolation)
            : $"{IsolationWords.Item(isolation)}: {IsolationWords.Together(isolation)} "
                + $"(in one request: {IsolationWords.InOneRequest(isolation)})";
    }
}
