using Spectre.Console;

namespace ServeBench.Build.Terminal;

/// <summary>
/// The terminal: plain lines that stay, and below them one line of live progress that is redrawn. Colours only where the
/// terminal has them and NO_COLOR is not set; no live line when the output is piped.
/// </summary>
public sealed class Screen : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings());
    private string _live = "";

    /// <summary>Whether a live line can be shown.</summary>
    public bool IsInteractive { get; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Columns of the terminal; 100 when it is none.</summary>
    public int Width => IsInteractive ? Math.Max(40, Console.WindowWidth) : 100;

    public void Say(string text) => Write(text, Style.Plain);

    public void Good(string text) => Write(text, new Style(Color.Green));

    public void Heading(string text) => Write(text, new Style(decoration: Decoration.Bold));

    public void Warn(string text) => Write(text, new Style(Color.Yellow));

    /// <summary>To standard error, so that it is seen when the output is piped.</summary>
    public void Error(string text)
    {
        lock (_gate)
        {
            Erase();
            Console.Error.WriteLine(text);
            Draw();
        }
    }

    /// <summary>Replaces the live line; empty takes it away.</summary>
    public void Live(string text)
    {
        if (!IsInteractive) return;
        lock (_gate)
        {
            var width = Width - 1;
            Erase();
            _live = text.Length <= width ? text : text[..width];
            Draw();
        }
    }

    public void Dispose() => Live("");

    private void Write(string text, Style style)
    {
        lock (_gate)
        {
            Erase();
            // Text, not markup: nothing in a message is ever taken for a colour.
            if (_console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors || style == Style.Plain) Console.Out.WriteLine(text);
            else _console.WriteLine(text, style);
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
