namespace ServeBench.Load.K6.Scripts;

/// <summary>Writes k6 scripts out of the templates under k6/templates. Equal cases give equal texts.</summary>
/// <param name="folder">The templates: <c>&lt;wire format&gt;.js.sbn</c>, and the parts that they include as
/// <c>&lt;part&gt;.sbn</c>.</param>
public sealed class ScriptWriter(string folder)
{
    private readonly TemplateFolder _templates = new(folder);

    /// <returns>An ES module that k6 runs; it reads its payloads, and Poisson arrivals, from files beside it.</returns>
    public string Write(ScriptCase one)
    {
        var name = one.Wire.K6.Template;
        return _templates.Render(name, ScriptModel.Of(one, name));
    }
}
