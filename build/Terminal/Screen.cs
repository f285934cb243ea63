using ServeBench.Domain.Faults;

namespace ServeBench.Build.Terminal;

/// <summary>
/// The terminal: plain lines that stay, and below them one line of live progress that is redrawn. Colours only where the
/// terminal has them and NO_COLOR is not set; no live line when the output is piped. No secret is shown: see <see cref="Redaction"/>.
/// </summary>
public sealed class Screen : IDisposable
{
    private readonly Lock _gate = new();
    private string _live = "";

    /// <summary>Whether a live line can be shown.</summary>
    public bool IsInteractive { get; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Whether to colour: on a terminal, unless NO_COLOR is set to anything (no-color.org).</summary>
    private bool HasColours => IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the terminal; 100 when it is none.</summary>
    public int Width => IsInteractive ? Math.Max(40, Console.WindowWidth) : 100;

    public void Say(string text) => Write(text, "");

    public void Heading(string text) => Write(text, "1");

    public void Warn(string text) => Write(text, "33");

    /// <summary>To standard error, so that it is seen when the output is piped.</summary>
    public void Error(string text)
    {
        lock (_gate)
        {
            Erase();
            Console.Error.WriteLine(Redaction.Of(text));
            Draw();
        }
    }

    /// <summary>Replaces the live line; empty takes it away.</summary>
    public void Live(string text)
    {
        if (!IsInteractive) return;
        text = Redaction.Of(text);
        lock (_gate)
        {
            var width = Width - 1;
            Erase();
            _live = text.Length <= width ? text : text[..width];
            Draw();
        }
    }

    public void Dispose() => Live("");

    /// <param name="text">Lines that stay.</param>
    /// <param name="style">The terminal's code for how they look (ECMA-48, select graphic rendition); empty for plain.</param>
    private void Write(string text, string style)
    {
        text = Redaction.Of(text);
        lock (_gate)
        {
            Erase();
            Console.Out.WriteLine(style.Length > 0 && HasColours ? $"\u001b[{style}m{text}\u001b[0m" : text);
            Draw();
        }
    }

    private void Erase()
    {
        if (_live.Length > 0) Console.Out.Write("\r\u001b[K");
    }

    private void Draw()
    {
        if (_live.Length > 0) Console.Out.Write(_live);
    }
}
