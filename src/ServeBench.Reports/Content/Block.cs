using ServeBench.Reports.Charts;

namespace ServeBench.Reports.Content;

/// <summary>One piece of a report, top to bottom.</summary>
public abstract record Block
{
    /// <summary>The template that writes it.</summary>
    public string Kind => GetType().Name;
}

/// <param name="Level">2 for a section, 3 and 4 within.</param>
/// <param name="Anchor">For links to it: lower-case words and dashes, unique in the report.</param>
/// <param name="Short">How the table of contents calls a section.</param>
public sealed record Heading(int Level, string Text, string Anchor, string Short = "") : Block;

public sealed record Paragraph(Prose Text) : Block;

/// <summary>Something that must be read before any number.</summary>
public sealed record Banner(string Title, Prose Text) : Block;

public sealed record BulletList(IReadOnlyList<Prose> Items) : Block;

/// <summary>Text to copy, such as a command.</summary>
public sealed record CodeBlock(string Text, string Language) : Block;

public sealed record Figure(Chart Chart) : Block;

/// <summary>Folded away until asked for.</summary>
public sealed record Details(string Summary, IReadOnlyList<Block> Blocks) : Block;

public sealed record Table : Block
{
    /// <param name="columns">The headings.</param>
    /// <param name="rows">One prose per column.</param>
    public Table(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Prose>> rows)
    {
        Columns = columns;
        Rows = [.. rows.Select(r => new Row([.. r.Select((text, i) => new Cell(text, columns[i]))]))];
    }

    public IReadOnlyList<Column> Columns { get; }

    public IReadOnlyList<Row> Rows { get; }
}

public sealed record Row(IReadOnlyList<Cell> Cells);

public sealed record Cell(Prose Text, Column Column);

/// <param name="Title">The heading, with the unit.</param>
/// <param name="Number">True for numbers, which are aligned to the right.</param>
/// <param name="Wide">True for sentences, which need room.</param>
/// <param name="Names">True for what a row is about: it stays in sight where a table is wider than the page.</param>
public sealed record Column(string Title, bool Number = false, bool Wide = false, bool Names = false);

/// <summary>A section of the report.</summary>
public interface ISection
{
    /// <returns>Nothing when it has nothing to say.</returns>
    IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts);
}
