using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>How to get these numbers again, and where the raw ones lie.</summary>
internal sealed class RepeatSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "How to run it again", "again", "Run it again");
        yield return new CodeBlock(report.Manifest.Command, "sh");
        yield return new Paragraph(
            "Results that nothing has changed for are reused, unless they are INVALID or were measured while the machine was in another "
                + "state; --force measures everything again. To render this report again from what is stored, with no server:");
        yield return new CodeBlock($"./build.sh --target=Report --run={report.Manifest.Id}", "sh");
        yield return new Paragraph(Text(
            "Beside this file: ",
            Code("results.json"),
            " (every number here, and more), ",
            Code("manifest.json"),
            " (everything that decided them), ",
            Code("trials/"),
            " (the record and every raw sample of each trial), ",
            Code("deployments/"),
            " (how each server started, and its log), ",
            Code("charts/"),
            " and ",
            Code("report.html"),
            " (the same report with interactive charts). Their formats are described in docs/formats.md, the metrics in docs/metrics.md."));
    }
}
