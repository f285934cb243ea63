using ServeBench.Reports.Content;

namespace ServeBench.Reports.Rendering;

/// <summary>A format that reports are written in: how its text is escaped and emphasised.</summary>
internal interface IProseFormat
{
    /// <summary>The folder of its templates.</summary>
    string Templates { get; }

    string Escape(string text);

    string Write(Span span);
}
