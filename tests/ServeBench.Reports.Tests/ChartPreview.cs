using ServeBench.Reports.Drawing;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>
/// Not a test: draws every kind of chart for 2, 8 and 20 stacks, light and dark, and a whole report of each, for people to look at
/// (<c>--target=Evidence --what=charts</c>). The files go to artifacts/evidence/charts.
/// </summary>
public sealed class ChartPreview
{
    [Theory(Explicit = true)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(20)]
    public void Draw(int stacks)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
        var folder = Path.Combine(root.FullName, "artifacts", "evidence", "charts", $"{stacks}");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        using var temporary = new TemporaryFolder();
        foreach (var chart in ManyStacks.Charts(stacks, temporary.Path))
        {
            File.WriteAllText(Path.Combine(folder, $"{chart.Name}.svg"), ChartDrawing.Svg(chart));
            File.WriteAllBytes(Path.Combine(folder, $"{chart.Name}.light.png"), ChartDrawing.Png(chart, scale: 1.5f));
            File.WriteAllBytes(Path.Combine(folder, $"{chart.Name}.dark.png"), ChartDrawing.Png(chart, dark: true, scale: 1.5f));
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{stacks} stacks: {folder}");
        ReportWriter.Write(ManyStacks.Run(stacks).Write(folder), TestContext.Current.CancellationToken);
    }
}
