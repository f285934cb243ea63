namespace ServeBench.Domain.Protocols;

/// <summary>A JSON value with placeholders. <c>${name}</c> as a whole string stands for the variable's JSON value.</summary>
public abstract record JsonTemplate
{
    /// <summary>The names of every placeholder below this value.</summary>
    public abstract IEnumerable<string> Placeholders { get; }
}

public sealed record JsonObjectTemplate(IReadOnlyList<KeyValuePair<string, JsonTemplate>> Members) : JsonTemplate
{
    public override IEnumerable<string> Placeholders => Members.SelectMany(m => m.Value.Placeholders);
}

public sealed record JsonArrayTemplate(IReadOnlyList<JsonTemplate> Items) : JsonTemplate
{
    public override IEnumerable<string> Placeholders => Items.SelectMany(i => i.Placeholders);
}

/// <summary>A literal: its JSON text, exactly as it is sent.</summary>
public sealed record JsonLiteralTemplate(string Json) : JsonTemplate
{
    public override IEnumerable<string> Placeholders => [];
}

/// <summary>A placeholder: the payload's variable of that name is written in its place, as JSON.</summary>
public sealed record JsonPlaceholderTemplate(string Name) : JsonTemplate
{
    public override IEnumerable<string> Placeholders => [Name];
}
