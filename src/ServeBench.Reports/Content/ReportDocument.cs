using ServeBench.Domain.Wording;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Sections;

namespace ServeBench.Reports.Content;

/// <summary>A whole report, in no particular format.</summary>
internal sealed record ReportDocument(string Title, string Subtitle, IReadOnlyList<Block> Blocks)
{
    /// <summary>In the order in which a newcomer who must decide reads.</summary>
    private static readonly ISection[] Sections =
    [
        new AnswerSection(),
        new EndpointSection(),
        new WorkloadSection(),
        new TimeSection(),
        new ParitySection(),
        new BatchSection(),
        new QualitySection(),
        new DeploymentSection(),
        new IsolationSection(),
        new StartedSection(),
        new AnnouncedSection(),
        new VerdictSection(),
        new DriverSection(),
        new ImportedSection(), new AbsenceSection(), new NoiseSection(), new ProvenanceSection(), new RepeatSection(),
    ];

    public static ReportDocument Of(ReportContext report, IReadOnlyList<Chart> charts) => new(
        $"ServeBench: {report.Manifest.Group}",
        $"{Plural.Of(report.Stacks.Count, "serving stack")}, measured {Words.Utc(report.Manifest.StartedUtc)}, run {report.Manifest.Id}",
        [.. Sections.SelectMany(s => s.Write(report, charts))]);
}
