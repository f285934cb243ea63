using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServeBench.Domain.Protocols;

/// <summary>Turns the YAML under <c>json:</c> into a template. YAML's plain numbers, true, false and null become JSON's.</summary>
internal static partial class JsonTemplateReader
{
    public static JsonTemplate Read(YamlNode node, Action<string, string> fault) => node switch
    {
        YamlMappingNode mapping =>
            new JsonObjectTemplate(
                [.. mapping.Children.Select(c => new KeyValuePair<string, JsonTemplate>(c.Key.ToString(), Read(c.Value, fault)))]),
        YamlSequenceNode sequence => new JsonArrayTemplate([.. sequence.Children.Select(c => Read(c, fault))]),
        YamlScalarNode scalar => Scalar(scalar, fault),
        _ => throw new InvalidOperationException($"unexpected YAML node {node.NodeType}"),
    };

    private static JsonTemplate Scalar(YamlScalarNode scalar, Action<string, string> fault)
    {
        var value = scalar.Value ?? "";
        if (Placeholder().Match(value) is { Success: true } match) return new JsonPlaceholderTemplate(match.Groups[1].Value);
        if (value.Contains("${", StringComparison.Ordinal))
            fault($"'{value}' mixes a placeholder with text", "A placeholder stands for a whole JSON value; write it alone");
        if (scalar.Style == ScalarStyle.Plain && IsJsonLiteral(value)) return new JsonLiteralTemplate(value is "~" or "" ? "null" : value);
        return new JsonLiteralTemplate($"\"{JsonEncodedText.Encode(value)}\"");
    }

    private static bool IsJsonLiteral(string value)
    {
        if (value is "true" or "false" or "null" or "~" or "") return true;
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && JsonNumber().IsMatch(value);
    }

    [GeneratedRegex(@"^\$\{([A-Za-z][A-Za-z0-9-]*)\}$")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$")]
    private static partial Regex JsonNumber();
}
