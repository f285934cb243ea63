namespace ServeBench.Reports.Rendering;

/// <summary>A format that reports are written in.</summary>
internal interface IProseFormat
{
    /// <summary>The folder of its templates.</summary>
    string Templates { get; }

    /// <summary>A text as the format must have it so that a reader sees the same characters.</summary>
    string Escape(string text);
}
