using System.Text;
using HandlebarsDotNet;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Rendering;

/// <summary>The templates of one format: Report.hbs, and one partial per kind of block, named after its class.</summary>
internal sealed class TemplateSet
{
    private readonly IHandlebars _handlebars;
    private readonly HandlebarsTemplate<object, object> _report;

    public TemplateSet(IProseFormat format)
    {
        _handlebars = Handlebars.Create(new HandlebarsConfiguration
        {
            TextEncoder = new Encoder(format),
            ThrowOnUnresolvedBindingExpression = true,
        });
        _handlebars.RegisterHelper("kind", (_, arguments) => arguments[0]!.GetType().Name);
        _handlebars.RegisterHelper("marks", (writer, _, arguments) => writer.WriteSafeString(new string('#', (int)arguments[0]!)));
        _handlebars.RegisterHelper("prose", (writer, _, arguments) =>
            writer.WriteSafeString(string.Concat(((Prose)arguments[0]!).Spans.Select(format.Write))));
        foreach (var kind in typeof(Block).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Block))).Select(t => t.Name))
            _handlebars.RegisterTemplate(kind, Resources.Text($"{format.Templates}/{kind}"));
        _report = _handlebars.Compile(Resources.Text($"{format.Templates}/Report"));
    }

    /// <summary>Adds a helper of one argument whose result is written as it is.</summary>
    public void AddHelper(string name, Func<string, string> helper) =>
        _handlebars.RegisterHelper(name, (writer, _, arguments) => writer.WriteSafeString(helper((string)arguments[0]!)));

    public string Render(object report) => _report(report);

    private sealed class Encoder(IProseFormat format) : ITextEncoder
    {
        public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

        public void Encode(string? text, TextWriter target) => target.Write(format.Escape(text ?? ""));

        public void Encode<T>(T? text, TextWriter target)
            where T : IEnumerator<char>
        {
            var all = new StringBuilder();
            while (text is not null && text.MoveNext()) all.Append(text.Current);
            Encode(all, target);
        }
    }
}
