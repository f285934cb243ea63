using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace ServeBench.Load.K6.Scripts;

/// <summary>Scriban templates in one folder, which may include each other: <c>{{ include 'head' }}</c> is <c>head.sbn</c>.</summary>
internal sealed class TemplateFolder(string folder) : ITemplateLoader
{
    public const string Extension = ".sbn";

    private readonly Dictionary<string, Template> _parsed = [];

    /// <summary>Fills a template in; line ends are <c>\n</c> whatever the template's are.</summary>
    /// <param name="name">The template's file in the folder.</param>
    /// <param name="values">What it may name. A name that is not here is an error with file and line, never an empty text.</param>
    /// <exception cref="InvalidDataException">when the template, or one that it includes, cannot be read or names what is not
    /// there.</exception>
    public string Render(string name, IReadOnlyDictionary<string, object> values)
    {
        var known = new ScriptObject();
        foreach (var (key, value) in values) known[key] = value;
        var context =
            new TemplateContext { TemplateLoader = this, StrictVariables = true, EnableRelaxedMemberAccess = false, LoopLimit = 0 };
        context.PushGlobal(known);
        try
        {
            return Parsed(name).Render(context).ReplaceLineEndings("\n");
        }
        catch (Scriban.Syntax.ScriptRuntimeException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    string ITemplateLoader.GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) =>
        Path.Combine(folder, templateName + Extension);

    string ITemplateLoader.Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => File.ReadAllText(templatePath);

    ValueTask<string?> ITemplateLoader.LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) =>
        new(File.ReadAllText(templatePath));

    private Template Parsed(string name)
    {
        if (_parsed.TryGetValue(name, out var known)) return known;
        var file = Path.Combine(folder, name);
        var template = Template.Parse(File.ReadAllText(file), file);
        if (template.HasErrors) throw new InvalidDataException(string.Join(Environment.NewLine, template.Messages));
        return _parsed[name] = template;
    }
}
