using System.Text.Json;
using ServeBench.Load.Protobuf;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Protobuf;

/// <summary>Messages to and from JSON.</summary>
public sealed class ProtoMessageTests
{
    private const string File = """
        syntax = "proto3";
        message M {
          int32 a = 1; string b = 2; M c = 3; repeated int32 d = 4; repeated string e = 5; map<string, int64> f = 6; bytes g = 7;
          oneof h { bool i = 8; double j = 9; }
          optional uint32 k = 10; sint32 l = 11; sint64 m = 12; fixed32 n = 13; fixed64 o = 14; sfixed32 p = 15; sfixed64 q = 16;
          float r = 17; uint64 s = 18; Kind t = 19; repeated M u = 20; repeated int32 v = 21 [packed = false]; map<bool, M> w = 22; repeated Kind x = 23;
          map<int32, string> y = 24; int64 long_name = 25; repeated float z = 26;
        }
        enum Kind { NONE = 0; ONE = 1; LESS = -1; }
        service S { rpc C(M) returns (M); }
        """;

    private static readonly ProtoMessage Type = ProtoFileReader.Read(File).Methods["S/C"].Request;

    /// <summary>Bytes as the documentation of the encoding has them, and as protoc encodes the rest.</summary>
    [Theory]
    [InlineData("""{"a":150}""", "089601")]
    [InlineData("""{"a":-1}""", "08ffffffffffffffffff01")]
    [InlineData("""{"b":"testing"}""", "120774657374696e67")]
    [InlineData("""{"c":{"a":150}}""", "1a03089601")]
    [InlineData("""{"d":[3,270,86942]}""", "2206038e029ea705")]
    [InlineData("""{"e":["","x"]}""", "2a002a0178")]
    [InlineData("""{"f":{"x":"7","":0}}""", "32050a01781007" + "32040a001000")]
    [InlineData("""{"g":"AQI="}""", "3a020102")]
    [InlineData("""{"g":"_-8"}""", "3a02ffef")] // the other alphabet, not filled up
    [InlineData("""{"i":false}""", "4000")] // in a oneof, nothing is something
    [InlineData("""{"j":1}""", "49000000000000f03f")]
    [InlineData("""{"j":"-Infinity"}""", "49000000000000f0ff")]
    [InlineData("""{"k":0}""", "5000")]
    [InlineData("""{"l":-1,"m":"-2"}""", "58016003")]
    [InlineData("""{"n":1,"o":"1","p":-1,"q":-1}""", "6d01000000" + "710100000000000000" + "7dffffffff" + "8101ffffffffffffffff")]
    [InlineData("""{"r":0.1,"s":"18446744073709551615"}""", "8d01cdcccc3d" + "9001ffffffffffffffffff01")]
    [InlineData("""{"r":-0.0}""", "8d0100000080")]
    [InlineData("""{"t":"LESS","x":["ONE",0]}""", "9801ffffffffffffffffff01" + "ba01020100")]
    [InlineData("""{"u":[{},{"a":1}]}""", "a20100" + "a201020801")]
    [InlineData("""{"v":[1,2]}""", "a80101a80102")]
    [InlineData("""{"w":{"true":{"a":1}},"y":{"-1":"m"}}""", "b2010608011202" + "0801" + "c2010e08ffffffffffffffffff011201" + "6d")]
    [InlineData("""{"a":1e2,"longName":1}""", "0864" + "c80101")]
    [InlineData("""{"long_name":"1.0"}""", "c80101")]
    [InlineData("""{"a":0,"b":"","d":[],"g":"","t":"NONE","c":null,"r":0}""", "")]
    [InlineData("""{"z":[1.5,"NaN"]}""", "d201080000c03f0000c0ff")]
    public void JSON_becomes_bytes(string json, string bytes)
    {
        var written = Write(json);
        Assert.Equal(bytes, Convert.ToHexStringLower(written));
        // And back, without a loss.
        Assert.Equal(bytes, Convert.ToHexStringLower(Write(Read(written))));
    }

    [Theory]
    [InlineData("[]", "the message: [] stands where an object (M) is expected")]
    [InlineData("""{"A":1}""", "A: M has no such field.")]
    [InlineData("""{"c":{"u":[{},{"bb":1}]}}""", "c.u[1].bb: M has no such field.")]
    [InlineData("""{"a":2147483648}""", "a: 2147483648 stands where a value of int32 is expected")]
    [InlineData("""{"a":1.5}""", "a: 1.5 stands where")]
    [InlineData("""{"a":"x"}""", "a: \"x\" stands where")]
    [InlineData("""{"k":-1}""", "k: -1 stands where a value of uint32")]
    [InlineData("""{"s":1e30}""", "s: 1e30 stands where")]
    [InlineData("""{"s":1e999}""", "s: 1e999 stands where")]
    [InlineData("""{"b":1}""", "b: 1 stands where a string is expected")]
    [InlineData("""{"d":1}""", "d: 1 stands where an array is expected")]
    [InlineData("""{"d":[1,null]}""", "d[1]: null stands where a value of int32 is expected")]
    [InlineData("""{"e":[1]}""", "e[0]: 1 stands where a string is expected")]
    [InlineData("""{"f":[]}""", "f: [] stands where an object is expected")]
    [InlineData("""{"f":{"x":true}}""", "f['x']: true stands where")]
    [InlineData("""{"w":{"maybe":{}}}""", "w['maybe']:")]
    [InlineData("""{"y":{"x":""}}""", "y['x']:")]
    [InlineData("""{"g":"no base64!"}""", "g: the string is not base64")]
    [InlineData("""{"g":[1]}""", "g: [1] stands where base64 in a string is expected")]
    [InlineData("""{"i":true,"j":1}""", "j: the oneof h has a value already")]
    [InlineData("""{"t":"TWO"}""", "t: \"TWO\" stands where one of NONE, ONE, LESS is expected")]
    public void JSON_that_is_no_such_message_is_refused_with_its_place(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<ProtoValueException>(() => Write(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_message_stands_in_JSON_as_k6_hands_it_to_scripts()
    {
        Assert.Equal(
            """{"a":0,"b":"","c":null,"d":[],"e":[],"f":{},"g":"","l":0,"m":"0","n":0,"o":"0","p":0,"q":"0","r":0,"s":"0","t":"NONE","u":[],"v":[],"w":{},"x":[],"y":{},"longName":"0","z":[]}""",
            Read([]));
        // Numbers of a packed field may come in several parts or each alone, a message in several parts; the last of the rest counts; what is not known does not.
        var json = Read(Convert.FromHexString("22020102" + "2003" + "1a020801" + "1a03120178" + "0801" + "0802" + "fa0f0161" + "98017b"));
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal([1, 2, 3], root.GetProperty("d").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal((1, "x"), (root.GetProperty("c").GetProperty("a").GetInt32(), root.GetProperty("c").GetProperty("b").GetString()));
        Assert.Equal((2, 123), (root.GetProperty("a").GetInt32(), root.GetProperty("t").GetInt32()));
    }

    [Theory]
    [InlineData("08", "the bytes are no message")]
    [InlineData("00", "the bytes are no message")]
    [InlineData("0b0c", "the bytes are no message")] // a group
    [InlineData("1205616263", "the bytes are no message")]
    [InlineData("08ffffffffffffffffffffff01", "the bytes are no message")]
    [InlineData("0a0161", "a: the bytes are no Int32")]
    [InlineData("1201ff", "b: a string is not UTF-8")]
    [InlineData("1a0108", "c: the bytes are no message")]
    [InlineData("1801", "c: a number stands where a message is expected")]
    [InlineData("220180", "d[0]: a number is cut off")]
    [InlineData("d20103000000", "z[0]: a number is cut off")]
    public void Bytes_that_are_no_such_message_are_refused(string bytes, string problem) =>
        Assert.Contains(problem, Assert.Throws<ProtoValueException>(() => Read(Convert.FromHexString(bytes))).Message, StringComparison.Ordinal);

    [Fact]
    public void Messages_within_messages_have_an_end()
    {
        byte[] bytes = [];
        // Each level adds its own length, which stays in one byte of a varint up to 127 bytes.
        for (var i = 0; i < 200; i++) bytes = [0x1a, .. Varint(bytes.Length), .. bytes];
        Assert.Contains("nested more than 64 deep", Assert.Throws<ProtoValueException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        var random = new Xoshiro256(5);
        var (good, bad) = (0, 0);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.NextBelow(20)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.NextBelow(3) == 0 ? random.NextBelow(16) : (int)random.Next());
            try
            {
                using (JsonDocument.Parse(Read(bytes))) good++;
            }
            catch (ProtoValueException)
            {
                bad++;
            }
        }
        Assert.InRange(good, 2000, 48_000);
        Assert.InRange(bad, 2000, 48_000);
    }

    [Theory]
    [InlineData("fp32", "[1.5,-2,3.4028235E+38]", "0000c03f000000c0ffff7f7f")]
    [InlineData("fp64", "[0.1]", "9a9999999999b93f")]
    [InlineData("fp16", "[1,-0.5]", "003c00b8")]
    [InlineData("uint8", "[0,255]", "00ff")]
    [InlineData("int32", "[-2]", "feffffff")]
    [InlineData("int64", "[-2,9007199254740993]", "feffffffffffffff0100000000002000")]
    [InlineData("text", "\"\u00e4\\\"\"", "c3a422")]
    public void Bytes_can_stand_in_JSON_as_numbers_or_text(string name, string json, string bytes)
    {
        var form = BytesAs.All.Single(a => a.Name == name);
        Assert.Equal(bytes, Convert.ToHexStringLower(form.ToBytes(JsonDocument.Parse(json).RootElement)!));
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output)) Assert.Null(form.ToJson(Convert.FromHexString(bytes), writer));
        Assert.Equal(bytes, Convert.ToHexStringLower(form.ToBytes(JsonDocument.Parse(output.ToArray()).RootElement)!));
    }

    [Theory]
    [InlineData("fp32", "[[1,2],[3]]", true)]
    [InlineData("fp32", "[\"1\"]", false)]
    [InlineData("fp32", "1", false)]
    [InlineData("fp32", "\"AACAPwAAAEA=\"", true)]
    [InlineData("fp32", "\"AACAPwA=\"", false)]
    [InlineData("uint8", "[256]", false)]
    [InlineData("uint8", "[1.5]", false)]
    [InlineData("text", "[1]", false)]
    public void Other_JSON_than_that_is_refused(string name, string json, bool isGood) =>
        Assert.Equal(isGood, BytesAs.All.Single(a => a.Name == name).ToBytes(JsonDocument.Parse(json).RootElement) is not null);

    [Fact]
    public void Half_a_number_is_told()
    {
        using var writer = new Utf8JsonWriter(new MemoryStream());
        Assert.Equal("5 bytes, which are not whole numbers of fp32, 4 bytes each", BytesAs.All.Single(a => a.Name == "fp32").ToJson(new byte[5], writer));
    }

    private static IEnumerable<byte> Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), (byte)(value >> 7)];

    private static byte[] Write(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ProtoWriter(ProtoForm.Plain(Type)).Write(document.RootElement);
    }

    private static string Read(byte[] bytes) => System.Text.Encoding.UTF8.GetString(new ProtoJson(ProtoForm.Plain(Type)).ToJson(bytes));
}
