using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServeBench.Build.Terminal;

/// <summary>What a step is, how far it is and what time is left, cut at the edge of the terminal.</summary>
internal sealed class StepColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text((task.Tag as StepLine)?.ToString() ?? task.Description) { Overflow = Overflow.Ellipsis };
}
