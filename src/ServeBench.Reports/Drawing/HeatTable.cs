using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using SkiaSharp;

namespace ServeBench.Reports.Drawing;

/// <summary>
/// Figures in coloured cells. Subjects are columns while their names and figures have room there; else they are rows, and the lines
/// columns, in as many bands as the width needs.
/// </summary>
internal sealed class HeatTable : IFigure
{
    private const float RowHeight = 30;
    private const float LineHeight = 14;
    private const float WidestName = 300;
    private const int MostHeadingLines = 3;

    private static readonly TextStyle NameStyle = new(12);
    private static readonly TextStyle Figure = new(12, Anchor: Anchor.Middle);
    private static readonly TextStyle Heading = new(12, Anchor: Anchor.Middle);
    private static readonly TextStyle Topic = new(12, Anchor: Anchor.Middle, Bold: true);

    private readonly HeatPlot _plot;
    private readonly IReadOnlyList<string>[] _rows;
    private readonly List<Column> _columns;
    private readonly float _names;
    private readonly float _row;
    private readonly float _cell;
    private readonly int _perBand;

    public HeatTable(HeatPlot plot, float width)
    {
        _plot = plot;
        var figures = Figure.Font.Widest(plot.Lines.SelectMany(l => l.Cells).OfType<HeatCell>().Select(c => c.Text), Figure.Size) + 14;
        var upright = NameStyle.Font.Widest(plot.Lines.Select(l => l.Name), NameStyle.Size) + 16;
        var column = (width - upright) / plot.Subjects.Count;
        var asColumns = column >= figures && plot.Subjects.All(s => Fits(s, column - 12));
        string[] rows = asColumns ? [.. plot.Lines.Select(l => l.Name)] : [.. plot.Subjects];
        _rows = [.. rows.Select(r => NameStyle.Font.Wrap(r, NameStyle.Size, asColumns ? upright : WidestName))];
        _names = NameStyle.Font.Widest(_rows.SelectMany(r => r), NameStyle.Size) + 16;
        _row = Math.Max(asColumns ? RowHeight : 26, (_rows.Max(r => r.Count) * LineHeight) + 10);
        _columns = asColumns
            ? [.. plot.Subjects.Select((s, i) => new Column("", s, [.. plot.Lines.Select(l => l.Cells[i])]))]
            : [.. plot.Groups.SelectMany(g => g.Lines).Select(l => new Column(l.Topic, l.Title, l.Cells))];
        var least = asColumns ? column : Math.Max(figures, 84);
        var bands = (int)Math.Ceiling(_columns.Count / Math.Max(1, Math.Floor((width - _names) / least)));
        _perBand = asColumns ? _columns.Count : (int)Math.Ceiling(_columns.Count / (double)bands);
        _cell = Math.Min((width - _names) / _perBand, 220);
    }

    public IReadOnlyList<LegendEntry> Legend => [.. _plot.Key.Select(k => new LegendEntry(k.Meaning, LegendMark.Bar, k.Colour))];

    public float Height => Bands.Sum(BandHeight);

    private IEnumerable<Column[]> Bands => _columns.Chunk(_perBand);

    public void Draw(Sheet sheet, float left, float top)
    {
        foreach (var band in Bands)
        {
            DrawBand(sheet, band, left, top);
            top += BandHeight(band);
        }
    }

    private void DrawBand(Sheet sheet, Column[] band, float left, float top)
    {
        var heads = HeadHeight(band);
        for (var r = 0; r < _rows.Length; r++)
        {
            var first = top + heads + (_row * (r + 0.5f)) + 4 - ((_rows[r].Count - 1) * LineHeight / 2);
            for (var i = 0; i < _rows[r].Count; i++) sheet.Text(_rows[r][i], left, first + (i * LineHeight), NameStyle);
        }
        for (var c = 0; c < band.Length; c++)
        {
            var x = left + _names + (c * _cell);
            // From the bottom up: the heading's last line is just above the cells.
            var title = Wrapped(band[c].Title);
            for (var i = 0; i < title.Count; i++)
                sheet.Text(title[i], x + (_cell / 2), top + heads - 8 - ((title.Count - 1 - i) * LineHeight), Heading);
            for (var r = 0; r < _rows.Length; r++)
            {
                var box = new SKRect(x + 1.5f, top + heads + (_row * r) + 1.5f, x + _cell - 1.5f, top + heads + (_row * (r + 1)) - 1.5f);
                if (band[c].Cells[r] is not { } cell)
                {
                    sheet.Text(Content.Words.Nothing, box.MidX, box.MidY + 4, Figure with { Colour = Theme.Muted });
                    continue;
                }
                sheet.Box(box, _plot.Key[cell.Step].Colour);
                sheet.Text(cell.Text, box.MidX, box.MidY + 4, Figure);
            }
        }
        for (var c = 0; c < band.Length;)
        {
            var end = c + 1;
            while (end < band.Length && band[end].Topic == band[c].Topic) end++;
            var lines = Topic.Font.Wrap(band[c].Topic, Topic.Size, ((end - c) * _cell) - 8);
            for (var i = 0; i < lines.Count; i++)
                sheet.Text(lines[i], left + _names + ((c + end) * _cell / 2), top + 12 + (i * LineHeight), Topic);
            c = end;
        }
    }

    private float BandHeight(Column[] band) => HeadHeight(band) + (_row * _rows.Length) + 14;

    private float HeadHeight(Column[] band)
    {
        var topics = 0;
        for (var c = 0; c < band.Length; c++)
        {
            var span = band.Skip(c).TakeWhile(x => x.Topic == band[c].Topic).Count();
            if (band[c].Topic.Length > 0 && (c == 0 || band[c - 1].Topic != band[c].Topic))
                topics = Math.Max(topics, Topic.Font.Wrap(band[c].Topic, Topic.Size, (span * _cell) - 8).Count);
        }
        return (topics * LineHeight) + (topics > 0 ? 4 : 0) + (band.Max(c => Wrapped(c.Title).Count) * LineHeight) + 8;
    }

    private IReadOnlyList<string> Wrapped(string title) => Heading.Font.Wrap(title, Heading.Size, _cell - 8);

    private static bool Fits(string text, float width)
    {
        var lines = Heading.Font.Wrap(text, Heading.Size, width);
        return lines.Count <= MostHeadingLines && Heading.Font.Widest(lines, Heading.Size) <= width;
    }

    private sealed record Column(string Topic, string Title, IReadOnlyList<HeatCell?> Cells);
}
