using ServeBench.Reports.Content;

namespace ServeBench.Reports.Rendering;

/// <summary>report.md.</summary>
internal static class MarkdownReport
{
    private static readonly Lazy<TemplateSet> Templates = new(() => new TemplateSet(new MarkdownFormat()));

    public static string Write(ReportDocument document) =>
        Templates.Value.Render(new { document.Title, document.Subtitle, document.Blocks }).TrimEnd('\n') + "\n";
}
