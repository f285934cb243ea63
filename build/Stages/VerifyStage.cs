using ServeBench.Build.Composition;
using ServeBench.Domain.Trials;
using ServeBench.Reports.Content;

namespace ServeBench.Build.Stages;

/// <summary>Checks every stack's answers and shows how far they are from the references.</summary>
internal static class VerifyStage
{
    public static async Task RunAsync(BuildContext context)
    {
        var records = new List<DeploymentRecord>();
        var failures = new List<string>();
        foreach (var session in context.Sessions)
        {
            foreach (var record in await session.VerifyAsync(context.Cancelled))
            {
                records.Add(record);
                if (record.Failure is { } failure) failures.Add($"{record.Contender}: {failure}");
            }
        }
        if (context.Sessions.Any(s => s.SomeUnprepared)) context.Outcome.SomeInvalid();
        context.Screen.Table(Rows(records), hasHeading: true);
        foreach (var failure in failures) context.Screen.Error(failure);
        if (failures.Count > 0) context.Outcome.SomeInvalid();
    }

    /// <summary>A row for each deployment, with a column for each measure by which answers are compared.</summary>
    internal static IReadOnlyList<string[]> Rows(IReadOnlyList<DeploymentRecord> records)
    {
        string[] measures = [.. records.SelectMany(r => r.Parity?.EachMeasure ?? []).Select(m => m.Title).Distinct()];
        return
        [
            ["stack", "model", "first answer", .. measures, "verdict", "one bad item among good ones"],
            .. records.Select(r => Row(r, measures)),
        ];
    }

    private static string[] Row(DeploymentRecord record, IEnumerable<string> measures) =>
    [
        record.Contender,
        record.Model,
        record.ColdStartSeconds is { } seconds ? $"{seconds:0.00} s" : record.Endpoint is null ? "none" : "not deployed by us",
        .. measures.Select(title => record.Parity?.EachMeasure.FirstOrDefault(m => m.Title == title) switch
        {
            { Worst: { } worst, HigherIsBetter: true } => $"{worst:0.000000}",
            { Worst: { } worst } => $"{worst:0.0e+0}",
            _ => "not measured",
        }),
        record switch
        {
            { Failure: null, Endpoint.AnswersCompared: false } => "parity not checked",
            { Failure: null } => "answers agree",
            { Parity.Passed: false } => "PARITY FAILED",
            { Endpoint: null } => "did not start",
            _ => "no good answer",
        },
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
