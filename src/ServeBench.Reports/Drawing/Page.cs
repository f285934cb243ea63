using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>A chart's title, caption, mark and legend, each as high as its text needs, above the figure that its plot asks for.</summary>
internal sealed class Page
{
    public const int Width = 860;
    private const float Side = 18;
    private const float Inner = Width - (2 * Side);

    private static readonly TextStyle TitleStyle = new(16, Bold: true);
    private static readonly TextStyle CaptionStyle = new(12, Theme.Muted);
    private static readonly TextStyle MarkStyle = new(12, Theme.Muted, Anchor.Right);

    private readonly Chart _chart;
    private readonly IFigure _figure;
    private readonly IReadOnlyList<string> _title;
    private readonly IReadOnlyList<string> _caption;
    private readonly LegendStrip _legend;

    public Page(Chart chart)
    {
        _chart = chart;
        _figure = chart.Plot switch
        {
            BarsPlot bars when UprightBars.Fit(bars, Inner) => new UprightBars(bars, Inner),
            BarsPlot bars => new BarPanels(bars, Inner),
            LinesPlot { Panels: [{ Series.Count: > SharedPanels.MostLines } first, ..] } lines when first.Series.Any(s => s.Connected) =>
                new SmallMultiples(lines, Inner),
            LinesPlot lines => new SharedPanels(lines, Inner),
            StackedPlot stacked => new StackedRows(stacked, Inner),
            HeatPlot heat => new HeatTable(heat, Inner),
            _ => throw new InvalidOperationException($"nothing draws {chart.Plot.GetType().Name}"),
        };
        var beside = chart.Mark.Length == 0 ? 0 : MarkStyle.Font.Width(chart.Mark, MarkStyle.Size) + 20;
        _title = TitleStyle.Font.Wrap(chart.Title, TitleStyle.Size, Inner - beside);
        _caption = chart.Caption.Length == 0 ? [] : CaptionStyle.Font.Wrap(chart.Caption, CaptionStyle.Size, Inner);
        _legend = new LegendStrip(_figure.Legend, Inner);
    }

    public int Height => (int)Math.Ceiling(FigureTop + _figure.Height + 14);

    private float CaptionTop => 16 + (_title.Count * 20);

    private float LegendTop => CaptionTop + (_caption.Count * 17) + 8;

    private float FigureTop => LegendTop + _legend.Height + 6;

    public void Draw(Sheet sheet)
    {
        sheet.Box(new SKRect(0, 0, Width, Height), Theme.Ground);
        for (var i = 0; i < _title.Count; i++) sheet.Text(_title[i], Side, 29 + (i * 20), TitleStyle);
        for (var i = 0; i < _caption.Count; i++) sheet.Text(_caption[i], Side, CaptionTop + 12 + (i * 17), CaptionStyle);
        sheet.Text(_chart.Mark, Width - Side, 29, MarkStyle);
        _legend.Draw(sheet, Side, LegendTop);
        _figure.Draw(sheet, Side, FigureTop);
    }
}

/// <summary>The drawing of one kind of plot at a given width.</summary>
internal interface IFigure
{
    /// <summary>What must be explained above it.</summary>
    IReadOnlyList<LegendEntry> Legend { get; }

    float Height { get; }

    /// <param name="sheet">Where it is drawn.</param>
    /// <param name="left">Its left edge.</param>
    /// <param name="top">Its upper edge.</param>
    void Draw(Sheet sheet, float left, float top);
}
