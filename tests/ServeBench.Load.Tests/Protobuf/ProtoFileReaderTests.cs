using ServeBench.Load.Protobuf;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Protobuf;

public sealed class ProtoFileReaderTests
{
    private const string Everything = """
        // A comment.
        syntax = "proto3"; /* another,
        over lines */
        package a.b;
        option java_package = "x;y";
        option (own) = { text: "}" list: [1, 2] };
        ;
        message Outer {
          reserved 4, 7 to 9, 100 to max;
          reserved "old", 'older';
          option deprecated = true;
          message Inner { Kind kind = 1; .a.b.Outer outer = 2; }
          enum Kind { option allow_alias = true; NONE = 0; ONE = 1 [deprecated = true]; UNO = 0x1; MINUS = -1; reserved 5; }
          repeated Inner list = 1;
          map<string, Later> by_name = 2;
          oneof choice { string text = 3; bytes raw = 5; Inner inner = 6; }
          optional int32 maybe = 10;
          repeated sint64 spread = 11 [packed = false, (own).x = -1.5e3, json_name = "S"];
          b.Later later_one = 12;
          Outer.Kind other = 13 [(own) = { a: { b: 1 } }];
          double stream = 14;
        }
        message Later { int64 a_b__c1 = 1; stream s = 2; }
        message stream {}
        service Service {
          option deprecated = false;
          rpc One(Outer) returns (Later);
          rpc Many(stream .a.b.Outer) returns (stream Later) { option idempotency_level = NO_SIDE_EFFECTS; }
          rpc Odd(b.stream) returns (stream stream) {};
        }
        """;

    [Fact]
    public void A_file_with_all_that_there_is()
    {
        var schema = ProtoFileReader.Read(Everything);
        Assert.Equal(["a.b.Service/Many", "a.b.Service/Odd", "a.b.Service/One"], schema.Methods.Keys.Order(StringComparer.Ordinal));
        var one = schema.Methods["a.b.Service/One"];
        Assert.Equal(("a.b.Outer", "a.b.Later", false, false), (one.Request.Name, one.Response.Name, one.StreamsRequests, one.StreamsResponses));
        var many = schema.Methods["a.b.Service/Many"];
        Assert.Equal((true, true), (many.StreamsRequests, many.StreamsResponses));
        Assert.Equal(("a.b.stream", false, "a.b.stream", true), (schema.Methods["a.b.Service/Odd"].Request.Name, schema.Methods["a.b.Service/Odd"].StreamsRequests, schema.Methods["a.b.Service/Odd"].Response.Name, schema.Methods["a.b.Service/Odd"].StreamsResponses));
        var outer = one.Request;
        Assert.Equal([1, 2, 3, 5, 6, 10, 11, 12, 13, 14], outer.Fields.Select(f => f.Number));
        Assert.Equal([true, true, false, false, false, false, true, false, false, false], outer.Fields.Select(f => f.IsRepeated));
        Assert.Equal([null, null, "choice", "choice", "choice", null, null, null, null, null], outer.Fields.Select(f => f.Oneof));
        Assert.Equal([false, false, true, true, true, true, false, false, false, false], outer.Fields.Select(f => f.HasPresence));
        var inner = outer.Find("list")!.Message!;
        Assert.Equal(("a.b.Outer.Inner", outer, inner), (inner.Name, inner.Find("outer")!.Message, Numbered(outer, 6).Message));
        Assert.Equal([("NONE", 0), ("ONE", 1), ("UNO", 1), ("MINUS", -1)], Numbered(inner, 1).Enum!.Values);
        Assert.Same(Numbered(inner, 1).Enum, outer.Find("other")!.Enum);
        var map = outer.Find("byName")!;
        Assert.Equal((true, ProtoKind.String, "a.b.Later"), (map.IsMap, map.Message!.Fields[0].Kind, map.Message.Fields[1].Message!.Name));
        Assert.Equal((true, "S", ProtoKind.SInt64), (outer.Find("spread")!.IsUnpacked, Numbered(outer, 11).JsonName, outer.Find("S")!.Kind));
        Assert.Equal(["laterOne", "aBC1"], new[] { Numbered(outer, 12).JsonName, Numbered(one.Response, 1).JsonName });
    }

    [Theory]
    [InlineData("", 1, "does not begin with its syntax")]
    [InlineData("message A {}", 1, "does not begin with its syntax")]
    [InlineData("syntax = \"proto2\";", 1, "its syntax is proto2")]
    [InlineData("edition = \"2023\";", 1, "does not begin with its syntax")]
    [InlineData("syntax = \"proto3\";\nimport \"google/protobuf/any.proto\";", 2, "it imports another file")]
    [InlineData("syntax = \"proto3\";\nmessage A { google.protobuf.Any a = 1; }", 2, "no type is called google.protobuf.Any")]
    [InlineData("syntax = \"proto3\";\n\nmessage A { Strng a = 1; }", 3, "no type is called Strng")]
    [InlineData("syntax = \"proto3\";\nextend A { int32 b = 1; }", 2, "it extends")]
    [InlineData("syntax = \"proto3\";\nmessage A {\nrequired int32 b = 1; }", 3, "'required' is not part of proto3")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n int32 b = 0; }", 3, "0 is not the number of a field")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n int32 b = 19500; }", 3, "19500 is not the number of a field")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n int32 b = 536870912; }", 3, "536870912 is not the number of a field")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n int32 b = 99999999999999999999; }", 3, "stands where a whole number is expected")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n int32 b = 1;\n int32 c = 1; }", 4, "is taken in A")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n int32 b_c = 1;\n int32 bC = 2; }", 4, "is taken in A")]
    [InlineData("syntax = \"proto3\";\nmessage A {}\nenum A { B = 0; }", 3, "A is declared twice")]
    [InlineData("syntax = \"proto3\";\nenum A { B = 1; }", 2, "the first value of A is not 0")]
    [InlineData("syntax = \"proto3\";\nmessage A { map<double, int32> m = 1; }", 2, "a map's key must be")]
    [InlineData("syntax = \"proto3\";\nmessage A { map<A, int32> m = 1; }", 2, "a map's key must be")]
    [InlineData("syntax = \"proto3\";\nmessage A { int32 b = 1", 2, "the file ends where ';' is expected")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n", 2, "the file ends where")]
    [InlineData("syntax = \"proto3\";\noption a = {", 2, "the file ends within a statement")]
    [InlineData("syntax = \"proto3\";\n/* open\n", 2, "a comment does not end")]
    [InlineData("syntax = \"proto3\";\noption a = \"b\n\";", 2, "a text does not end on its line")]
    [InlineData("syntax = \"proto3\";\nservice S { rpc A(B) returns (B); }", 2, "no type is called B")]
    [InlineData("syntax = \"proto3\";\nmessage B {}\nservice S { rpc A(B) returns (B);\nrpc A(B) returns (B); }", 4, "S/A is declared twice")]
    [InlineData("syntax = \"proto3\";\nwhatever", 2, "'whatever' stands where package, option, message, enum or service is expected")]
    public void What_is_wrong_is_told_with_its_line(string source, int line, string problem)
    {
        var e = Assert.Throws<ProtoFileException>(() => ProtoFileReader.Read(source));
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Equal(line, e.Line);
    }

    /// <summary>However a file is mangled, it is read or refused with a line.</summary>
    [Fact]
    [Lane("slow")]
    public void Any_text_is_read_or_refused()
    {
        var random = new Xoshiro256(3);
        var refused = 0;
        string[] tokens = ["{", "}", "[", "]", "(", ")", ";", "=", "message M", "oneof", "map<", "stream", "\"", "/*", "//", "-1", "0x", "."];
        for (var round = 0; round < 20_000; round++)
        {
            var text = Everything;
            for (var times = random.NextBelow(4); times > 0; times--)
            {
                var at = random.NextBelow(text.Length);
                text = random.NextBelow(2) == 0 ? text.Insert(at, tokens[random.NextBelow(tokens.Length)]) : text.Remove(at, Math.Min(1 + random.NextBelow(9), text.Length - at));
            }
            try
            {
                ProtoFileReader.Read(text);
            }
            catch (ProtoFileException e)
            {
                refused++;
                Assert.InRange(e.Line, 1, 60);
            }
        }
        Assert.InRange(refused, 5_000, 19_000);
    }

    /// <summary>What stands in quotation marks is no word, brace or number of the file.</summary>
    [Theory]
    [InlineData("message A { int32 b = 1 [(o) = { a: \"}\" b: \"{\" }, json_name = \"c\"]; }", "c")]
    [InlineData("message A { int32 b = 1 [(o).x.y = -1.5e-3, (p) = \"a\" \"b\", json_name = \"c\" \"d\"]; }", "cd")]
    [InlineData("message A { int32 b = 1 [(o) = -inf, json_name = \"]\"]; }", "]")]
    [InlineData("message A { int32 b = 1 [features.(p.x).y = true, json_name = 'c']; }", "c")]
    [InlineData("message A { option o = \"}\"; int32 b = 0x1; }", "b")]
    public void Options_are_passed_over_whatever_they_hold(string text, string name)
    {
        var schema = ProtoFileReader.Read($"syntax = \"proto3\";\n{text}\nservice S {{ rpc C(A) returns (A); }}");
        Assert.Equal(name, Assert.Single(schema.Methods["S/C"].Request.Fields).JsonName);
    }

    [Theory]
    [InlineData("int32 b = \"1\";", "'1' stands where a whole number is expected")]
    [InlineData("int32 b = 09;", "'09' stands where a whole number is expected")]
    [InlineData("int32 b = 0xFFFFFFFFFFFFFFFF;", "0xFFFFFFFFFFFFFFFF is too large a number")]
    [InlineData("int32 b = 0x;", "'0x' stands where a whole number is expected")]
    [InlineData("\"int32\" b = 1;", "'int32' stands where a name is expected")]
    [InlineData("\"message\" b = 1;", "'message' stands where a name is expected")]
    public void A_field_is_not_made_of_texts(string field, string problem) => Assert.Contains(
        problem, Assert.Throws<ProtoFileException>(() => ProtoFileReader.Read($"syntax = \"proto3\";\nmessage A {{ {field} }}")).Message, StringComparison.Ordinal);

    private static ProtoField Numbered(ProtoMessage message, int number) => message.Fields.Single(f => f.Number == number);

    [Fact]
    public void Messages_are_not_nested_without_end()
    {
        var e = Assert.Throws<ProtoFileException>(() => ProtoFileReader.Read("syntax = \"proto3\";" + string.Concat(Enumerable.Repeat("message A {", 100_000))));
        Assert.Contains("nested more than 32 deep", e.Message, StringComparison.Ordinal);
    }
}
