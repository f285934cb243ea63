using System.Text;

namespace ServeBench.Reports.Rendering;

/// <summary>GitHub-flavoured Markdown.</summary>
internal sealed class MarkdownFormat : IProseFormat
{
    private const string Special = "\\`*|<>[]";

    public string Templates => "markdown";

    public string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Special.Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(c is '\n' or '\r' ? ' ' : c);
        }
        return escaped.ToString();
    }
}
