using ServeBench.Reports.Content;

namespace ServeBench.Reports.Rendering;

/// <summary>HTML that is well-formed XML, too.</summary>
internal sealed class HtmlFormat : IProseFormat
{
    public string Templates => "html";

    public string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    public string Write(Span span) => span.Style switch
    {
        SpanStyle.Strong => $"<strong>{Escape(span.Text)}</strong>",
        SpanStyle.Bad => $"<span class=\"bad\">{Escape(span.Text)}</span>",
        SpanStyle.Code => $"<code>{Escape(span.Text)}</code>",
        SpanStyle.Struck => $"<del>{Escape(span.Text)}</del>",
        _ => Escape(span.Text),
    };
}
