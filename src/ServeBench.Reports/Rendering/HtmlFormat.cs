namespace ServeBench.Reports.Rendering;

/// <summary>HTML that is well-formed XML, too.</summary>
internal sealed class HtmlFormat : IProseFormat
{
    public string Templates => "html";

    public string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
