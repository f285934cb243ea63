using YamlDotNet.RepresentationModel;

namespace ServeBench.Load.Tests.K6.Operator;

/// <summary>The schema of a custom resource, strictly: what it does not name is a fault, as it is for kubectl apply --validate=strict.</summary>
internal sealed class CrdSchema
{
    private readonly YamlMappingNode _schema;

    private CrdSchema(YamlMappingNode schema) => _schema = schema;

    public static CrdSchema Read(string file, string version)
    {
        using var reader = new StreamReader(file);
        var stream = new YamlStream();
        stream.Load(reader);
        var versions = (YamlSequenceNode)Get((YamlMappingNode)stream.Documents[0].RootNode, "spec", "versions")!;
        var found = versions.Cast<YamlMappingNode>().Single(v => ((YamlScalarNode)v["name"]).Value == version);
        return new CrdSchema((YamlMappingNode)Get(found, "schema", "openAPIV3Schema")!);
    }

    /// <summary>Everything that a resource has and may not have, lacks, or has of another type.</summary>
    public IReadOnlyList<string> Faults(YamlNode resource)
    {
        var faults = new List<string>();
        Check(resource, _schema, "", faults);
        return faults;
    }

    private static void Check(YamlNode node, YamlMappingNode schema, string path, List<string> faults)
    {
        if (Flag(schema, "x-kubernetes-int-or-string")) return;
        switch (Text(schema, "type"))
        {
            case "object":
                if (node is not YamlMappingNode mapping) faults.Add($"{path} is no object");
                else CheckObject(mapping, schema, path, faults);
                break;
            case "array":
                if (node is not YamlSequenceNode sequence) faults.Add($"{path} is no array");
                else for (var i = 0; i < sequence.Children.Count; i++) Check(sequence.Children[i], (YamlMappingNode)schema["items"], $"{path}[{i}]", faults);
                break;
            case "string":
                if (node is not YamlScalarNode text || text.Style == YamlDotNet.Core.ScalarStyle.Plain && (text.Value is "true" or "false" or "null" || double.TryParse(text.Value, out _))) faults.Add($"{path} is no string");
                else if (schema.Children.TryGetValue("enum", out var known) && !((YamlSequenceNode)known).Any(k => ((YamlScalarNode)k).Value == text.Value)) faults.Add($"{path} is '{text.Value}'");
                break;
            case "integer":
                if (node is not YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } number || !long.TryParse(number.Value, out _)) faults.Add($"{path} is no whole number");
                break;
            case "boolean":
                if (node is not YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" }) faults.Add($"{path} is neither true nor false");
                break;
        }
    }

    private static void CheckObject(YamlMappingNode node, YamlMappingNode schema, string path, List<string> faults)
    {
        var properties = Get(schema, "properties") as YamlMappingNode;
        var others = Get(schema, "additionalProperties") as YamlMappingNode;
        // The root of a resource has its metadata checked elsewhere.
        var open = Flag(schema, "x-kubernetes-preserve-unknown-fields") || properties is null && others is null;
        foreach (var (key, value) in node.Children)
        {
            var name = ((YamlScalarNode)key).Value!;
            if (properties?.Children.TryGetValue(key, out var known) == true) Check(value, (YamlMappingNode)known, $"{path}.{name}", faults);
            else if (others is not null) Check(value, others, $"{path}.{name}", faults);
            else if (!open) faults.Add($"{path}.{name} is not known");
        }
        if (Get(schema, "required") is YamlSequenceNode required)
            faults.AddRange(required.Where(r => !node.Children.ContainsKey(r)).Select(r => $"{path}.{r} is missing"));
    }

    private static bool Flag(YamlMappingNode schema, string name) => Text(schema, name) == "true";

    private static string? Text(YamlMappingNode schema, string name) => schema.Children.TryGetValue(name, out var value) ? ((YamlScalarNode)value).Value : null;

    private static YamlNode? Get(YamlMappingNode node, params string[] path)
    {
        YamlNode? at = node;
        foreach (var name in path) at = at is YamlMappingNode mapping && mapping.Children.TryGetValue(name, out var next) ? next : null;
        return at;
    }
}
