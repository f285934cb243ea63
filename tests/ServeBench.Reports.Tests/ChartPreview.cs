using ServeBench.Reports.Drawing;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>
/// Not a test: draws every kind of chart for 2, 8 and 20 stacks, light and dark, and a whole report of each, for people to look at.
/// Run it by name with <c>-explicit only</c>; the files go to the folder in SERVEBENCH_PREVIEW.
/// </summary>
public sealed class ChartPreview
{
    [Theory(Explicit = true)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(20)]
    public void Draw(int stacks)
    {
        var parent = Environment.GetEnvironmentVariable("SERVEBENCH_PREVIEW");
        Assert.SkipWhen(string.IsNullOrEmpty(parent), "SERVEBENCH_PREVIEW names no folder");
        var folder = Directory.CreateDirectory(Path.Combine(parent!, $"{stacks}")).FullName;
        using var temporary = new TemporaryFolder();
        foreach (var chart in ManyStacks.Charts(stacks, temporary.Path))
        {
            File.WriteAllText(Path.Combine(folder, $"{chart.Name}.svg"), ChartDrawing.Svg(chart));
            File.WriteAllBytes(Path.Combine(folder, $"{chart.Name}.light.png"), ChartDrawing.Png(chart, scale: 1.5f));
            File.WriteAllBytes(Path.Combine(folder, $"{chart.Name}.dark.png"), ChartDrawing.Png(chart, dark: true, scale: 1.5f));
        }
        ReportWriter.Write(ManyStacks.Run(stacks).Write(folder), TestContext.Current.CancellationToken);
    }
}
