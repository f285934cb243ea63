using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace ServeBench.Reports.Rendering;

/// <summary>
/// The templates of one format, embedded: Report.sbn, and one per kind of block, named after its class. They see the document as it
/// is, in lower case with underscores, and one function of ours: <c>escape</c>, which makes text safe in the format.
/// </summary>
internal sealed class TemplateSet(IProseFormat format)
{
    /// <param name="report">What Report.sbn sees; a name that it lacks is an error.</param>
    public string Render(object report)
    {
        var globals = new ScriptObject();
        globals.Import(report);
        globals.Import("escape", new Func<string?, string>(text => format.Escape(text ?? "")));
        var context = new TemplateContext
        {
            TemplateLoader = new Loader(format.Templates),
            StrictVariables = true,
            // The library is one text of a megabyte, and a table has as many rows as a run has cases.
            LimitToString = 0,
            LoopLimit = 0,
        };
        context.PushGlobal(globals);
        return Loader.Parse($"{format.Templates}/Report.sbn").Render(context);
    }

    private sealed class Loader(string folder) : ITemplateLoader
    {
        public static Template Parse(string path)
        {
            var template = Template.Parse(Resources.Text(path), path);
            return template.HasErrors ? throw new InvalidOperationException(string.Join('\n', template.Messages)) : template;
        }

        public string GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) => $"{folder}/{templateName}.sbn";

        public string Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => Resources.Text(templatePath);

        public ValueTask<string?> LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) =>
            new(Resources.Text(templatePath));
    }
}
