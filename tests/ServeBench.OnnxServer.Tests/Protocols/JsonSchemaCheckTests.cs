using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>The check that answers are held against is held against answers that are wrong.</summary>
public sealed class JsonSchemaCheckTests
{
    private static readonly JsonElement Document = JsonElement.Parse("""
        {
          "components": {"schemas": {
            "Word": {"type": "string", "enum": ["a", "b"]},
            "Thing": {
              "type": "object", "required": ["n", "word"], "additionalProperties": false,
              "properties": {
                "n": {"type": "integer", "minimum": 0},
                "word": {"$ref": "#/components/schemas/Word"},
                "list": {"type": "array", "minItems": 1, "items": {"type": "number"}},
                "maybe": {"type": "string", "nullable": true},
                "either": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}
              }
            }
          }}
        }
        """);

    [Theory]
    [InlineData("""{"n":0,"word":"a"}""", null)]
    [InlineData("""{"n":1,"word":"b","list":[1.5],"maybe":null,"either":[1,2]}""", null)]
    [InlineData("""[]""", "$ is Array, not object")]
    [InlineData("""{"n":0}""", "$ lacks word")]
    [InlineData("""{"n":-1,"word":"a"}""", "$.n is less than 0")]
    [InlineData("""{"n":1.5,"word":"a"}""", "$.n is Number, not integer")]
    [InlineData("""{"n":0,"word":"c"}""", "$.word is none of")]
    [InlineData("""{"n":0,"word":"a","more":1}""", "$ has more")]
    [InlineData("""{"n":0,"word":"a","list":[]}""", "$.list has fewer items than 1")]
    [InlineData("""{"n":0,"word":"a","list":[1,"x"]}""", "$.list[1] is String, not number")]
    [InlineData("""{"n":0,"word":"a","maybe":7}""", "$.maybe is Number, not string")]
    [InlineData("""{"n":0,"word":"a","either":[1.5]}""", "$.either fits 0 of the 2")]
    public void What_is_wrong_is_found(string value, string? fault)
    {
        var schema = Document.GetProperty("components").GetProperty("schemas").GetProperty("Thing");
        var faults = new JsonSchemaCheck(Document).Check(JsonElement.Parse(value), schema);
        if (fault is null) Assert.Empty(faults);
        else Assert.Contains(faults, f => f.StartsWith(fault, StringComparison.Ordinal));
    }
}
