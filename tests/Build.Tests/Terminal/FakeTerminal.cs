using System.Text.RegularExpressions;
using ServeBench.Build.Terminal;
using Spectre.Console;

namespace ServeBench.Build.Tests.Terminal;

/// <summary>A terminal of some width, or a pipe, whose output is kept.</summary>
internal sealed partial class FakeTerminal : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    /// <param name="width">Columns; null for a pipe.</param>
    /// <param name="colours">What it can show.</param>
    public FakeTerminal(int? width, ColorSystemSupport colours = ColorSystemSupport.EightBit) =>
        Screen = new Screen(Console(_output, width, colours), Console(_errors, width, colours));

    public Screen Screen { get; }

    /// <summary>Everything that was written, with what controls the terminal.</summary>
    public string Raw => _output.ToString();

    public string Errors => _errors.ToString();

    /// <summary>The lines that were written, without what controls the terminal.</summary>
    public IReadOnlyList<string> Lines => Control().Replace(Raw, "").ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public void Dispose() => Screen.Dispose();

    private static IAnsiConsole Console(TextWriter writer, int? width, ColorSystemSupport colours)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = width is null ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = width is null ? ColorSystemSupport.NoColors : colours,
            Interactive = width is null ? InteractionSupport.No : InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (width is { } columns) console.Profile.Width = columns;
        return console;
    }

    [GeneratedRegex(@"\u001b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Control();
}
