using HandlebarsDotNet;

namespace ServeBench.Load.K6.Scripts;

/// <summary>Writes k6 scripts out of the templates under k6/templates. Equal cases give equal texts.</summary>
public sealed class ScriptWriter
{
    private readonly Dictionary<string, HandlebarsTemplate<object, object>> _templates = [];
    private readonly IHandlebars _handlebars = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
    private readonly string _folder;

    /// <param name="folder">The templates: <c>&lt;wire format&gt;.js.hbs</c>, and the parts that they share as <c>&lt;part&gt;.hbs</c>.</param>
    public ScriptWriter(string folder)
    {
        _folder = folder;
        foreach (var part in Directory.EnumerateFiles(folder, "*.hbs").Where(f => !f.EndsWith(".js.hbs", StringComparison.Ordinal)))
            _handlebars.RegisterTemplate(Path.GetFileNameWithoutExtension(part), File.ReadAllText(part));
    }

    /// <returns>An ES module that k6 runs; it reads its payloads, and Poisson arrivals, from files beside it.</returns>
    /// <exception cref="NotSupportedException">when there is no template for the wire format.</exception>
    public string Write(ScriptCase one)
    {
        var name = TransportModel.TemplateFor(one.Transport);
        if (!_templates.TryGetValue(name, out var template))
            _templates[name] = template = _handlebars.Compile(File.ReadAllText(Path.Combine(_folder, name)));
        return template(ScriptModel.Of(one, name)).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
