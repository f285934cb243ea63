using ServeBench.Domain.Faults;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServeBench.Build.Terminal;

/// <summary>
/// The terminal: lines and tables that stay, and below them what <see cref="TerminalObserver"/> redraws. Spectre.Console tells
/// what the terminal can do (colours, NO_COLOR, CI logs); where it is none, lines are written whole, however long.
/// No secret is shown: see <see cref="Redaction"/>.
/// </summary>
public sealed class Screen : IDisposable
{
    /// <summary>Columns of an output that is no terminal: nobody wraps there.</summary>
    private const int Unlimited = 1_000_000;

    /// <summary>Columns narrower than this are never wrapped: figures stay whole.</summary>
    private const int NeverWrapped = 20;

    private static readonly Dictionary<string, Color> Verdicts = new(StringComparer.Ordinal)
    {
        ["ok"] = Color.Green,
        ["answers agree"] = Color.Green,
        ["note"] = Color.Yellow,
        ["MISSING"] = Color.Red,
        ["INVALID"] = Color.Red,
        ["PARITY FAILED"] = Color.Red,
        ["did not start"] = Color.Red,
        ["no good answer"] = Color.Red,
        ["parity not checked"] = Color.Yellow,
    };

    private readonly IAnsiConsole _errors;

    public Screen()
        : this(GuardedOutput.On(System.Console.Out, isNeeded: true), GuardedOutput.On(System.Console.Error, isNeeded: false))
    {
    }

    /// <param name="output">Standard output.</param>
    /// <param name="errors">Standard error.</param>
    public Screen(IAnsiConsole output, IAnsiConsole errors)
    {
        foreach (var console in (IAnsiConsole[])[output, errors])
        {
            if (!IsTerminal(console)) console.Profile.Width = Unlimited;
        }
        Console = output;
        // Where both are one terminal, an error goes above the live lines like everything else that stays.
        _errors = IsTerminal(output) && IsTerminal(errors) ? output : errors;
    }

    public IAnsiConsole Console { get; }

    /// <summary>Whether live lines can be shown.</summary>
    public bool IsInteractive => IsTerminal(Console);

    public void Say(string text) => Write(Console, text, Style.Plain);

    public void Heading(string text) => Write(Console, text, new Style(decoration: Decoration.Bold));

    public void Warn(string text) => Write(Console, text, new Style(Color.Yellow));

    /// <summary>To standard error, so that it is seen when the output is piped.</summary>
    public void Error(string text) => Write(_errors, text, new Style(Color.Red));

    /// <summary>
    /// Rows in columns as wide as their widest cell; on a terminal that is too narrow, long texts wrap inside their column.
    /// </summary>
    /// <param name="rows">All of one length.</param>
    /// <param name="hasHeading">Whether the first row names the columns.</param>
    /// <param name="indent">Blanks before each row.</param>
    public void Table(IReadOnlyList<string[]> rows, bool hasHeading = false, int indent = 0)
    {
        if (rows.Count == 0) return;
        rows = [.. rows.Select(r => r.Select(Redaction.Of).ToArray())];
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var widest = Array.IndexOf(widths, widths.Max());
        // Where there is room enough for it, only the widest column wraps.
        var isOneEnough = indent + widths.Sum() - widths[widest] + 2 * widths.Length <= Console.Profile.Width * 2 / 3;
        var grid = new Grid();
        var least = indent + 2 * (widths.Length - 1);
        for (var c = 0; c < widths.Length; c++)
        {
            // A single word, a name for one, is only cut in two where it would fill the terminal.
            var isWord = widths[c] <= Console.Profile.Width / 2 && !rows.Any(r => r[c].Contains(' ', StringComparison.Ordinal));
            var isWhole = widths[c] < NeverWrapped || isWord || (isOneEnough && c != widest);
            least += isWhole ? widths[c] : rows.Max(r => r[c].Split(' ').Max(w => w.Length));
            grid.AddColumn(
                new GridColumn { NoWrap = isWhole, Padding = new Padding(c == 0 ? indent : 0, 0, c == widths.Length - 1 ? 0 : 2, 0) });
        }
        for (var r = 0; r < rows.Count; r++)
            grid.AddRow(
                [.. rows[r].Select(cell => new Text(cell, hasHeading && r == 0 ? new Style(decoration: Decoration.Bold) : StyleOf(cell)))]);
        // Where not even single words fit side by side, rows are better wrapped than words cut in pieces.
        if (IsInteractive && least <= Console.Profile.Width) Console.Write(grid);
        else Write(Console, string.Join('\n', Lines(grid)), Style.Plain);
    }

    /// <summary>Shows the cursor again, should live lines have been cut off.</summary>
    public void Dispose()
    {
        if (IsInteractive) Console.Cursor.Show();
    }

    private static bool IsTerminal(IAnsiConsole console) => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    private static Style StyleOf(string cell) => Verdicts.TryGetValue(cell, out var colour) ? new Style(colour) : Style.Plain;

    /// <summary>Writes whole lines; one that is too long for the terminal goes on under its first word.</summary>
    private static void Write(IAnsiConsole console, string text, Style style)
    {
        foreach (var line in Redaction.Of(text).ReplaceLineEndings("\n").Split('\n'))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            if (line.Length > console.Profile.Width && indent < console.Profile.Width / 2)
                console.Write(new Padder(new Text(line[indent..], style), new Padding(indent, 0, 0, 0)));
            else
                console.Write(new Text(line + "\n", style));
        }
    }

    /// <summary>As plain text: the blanks that fill the last column up are nobody's.</summary>
    private IEnumerable<string> Lines(IRenderable what) =>
        Segment
            .SplitLines(what.Render(RenderOptions.Create(Console), Unlimited))
            .Select(l => string.Concat(l.Select(s => s.Text)).TrimEnd());
}
