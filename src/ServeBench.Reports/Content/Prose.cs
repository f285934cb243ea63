namespace ServeBench.Reports.Content;

/// <summary>Text with a little emphasis, in no particular format: templates write it as Markdown or HTML.</summary>
/// <param name="Spans">In order.</param>
public sealed record Prose(params IReadOnlyList<Span> Spans)
{
    public static Prose Empty { get; } = new([]);

    public static implicit operator Prose(string text) => new(new Span(text, SpanStyle.Plain));

    /// <summary>The text alone.</summary>
    public override string ToString() => string.Concat(Spans.Select(s => s.Text));
}

public sealed record Span(string Text, SpanStyle Style)
{
    /// <summary>The style as templates name it.</summary>
    public string Look => Style.ToString().ToLowerInvariant();

    public static implicit operator Span(string text) => new(text, SpanStyle.Plain);
}

public enum SpanStyle
{
    Plain,

    /// <summary>What the reader should not miss.</summary>
    Strong,

    /// <summary>Something to type or to find literally.</summary>
    Code,

    /// <summary>A number that does not count.</summary>
    Struck,

    /// <summary>A word of warning: INVALID.</summary>
    Bad,
}

/// <summary>Short names for building prose.</summary>
public static class Write
{
    public static Span Strong(string text) => new(text, SpanStyle.Strong);

    public static Span Code(string text) => new(text, SpanStyle.Code);

    public static Span Struck(string text) => new(text, SpanStyle.Struck);

    public static Span Bad(string text) => new(text, SpanStyle.Bad);

    public static Prose Text(params IReadOnlyList<Span> spans) => new(spans);
}
