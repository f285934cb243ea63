using ServeBench.Reports.Content;

namespace ServeBench.Reports.Rendering;

/// <summary>report.md.</summary>
internal static class MarkdownReport
{
    public static string Write(ReportDocument document) =>
        new TemplateSet(new MarkdownFormat()).Render(new { document.Title, document.Subtitle, document.Blocks }).TrimEnd('\n') + "\n";
}
