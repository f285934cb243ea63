using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServeBench.Build.Terminal;

/// <summary>What a step is, how far it is and what time is left, cut at the edge of the terminal.</summary>
internal sealed class StepColumn : ProgressColumn
{
    /// <summary>Columns that the bar and the gap before this take.</summary>
    private const int Before = TerminalObserver.BarWidth + 2;

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(Cut((task.Tag as StepLine)?.ToString() ?? task.Description, Math.Max(1, options.ConsoleSize.Width - Before)));

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
