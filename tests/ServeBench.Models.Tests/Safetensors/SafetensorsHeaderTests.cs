using System.Text;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Tests.Safetensors;

/// <summary>Headers come from outside: whatever they claim, they are refused unless they describe the data exactly.</summary>
public sealed class SafetensorsHeaderTests
{
    [Fact]
    public void A_header_lists_its_tensors_in_the_order_of_their_data()
    {
        var tensors = Parse("""{"b":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}   """, 14);
        Assert.Equal(["a", "b"], tensors.Select(t => t.Name));
        Assert.Equal("F32[1, 2]", tensors[0].ToString());
        Assert.Equal(3, tensors[1].Elements);
    }

    [Fact]
    public void Scalars_and_empty_tensors_are_tensors() =>
        Assert.Equal(2, Parse("""{"empty":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},"scalar":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""", 8).Count);

    [Theory]
    [InlineData("", "does not begin with {")]
    [InlineData("[]", "does not begin with {")]
    [InlineData(" {}", "does not begin with {")]
    [InlineData("{", "not the JSON object")]
    [InlineData("{} x", "not the JSON object")]
    [InlineData("{}{}", "not the JSON object")]
    [InlineData("""{"a":1}""", "'a' is not described by an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "'a' lacks one of dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}""", "'extra'")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "'dtype'")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", "'a' is F64[2] but has 8 bytes")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,8]}}""", "'a' is BOOL[3] but has 8 bytes")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "but has 8 bytes")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", "'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "shape of the tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "shape of the tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "shape of the tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "shape of the tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "has 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}""", "has 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "more than 16 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "has 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "1 data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "claims bytes 4 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "claims bytes 0 to 16 of a data section of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", "claims bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' is there twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "cover 4 bytes of a data section of 8")]
    [InlineData("""{"__metadata__":{"a":}}""", "not the JSON object")]
    [InlineData("""{"__metadata__":null,"__metadata__":null}""", "'__metadata__' is there twice")]
    public void Anything_else_is_refused(string json, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => Parse(json, 8));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"a":1,"b":null,"c":{"d":["e"]}}""")]
    [InlineData("{}")]
    public void Metadata_may_be_anything_for_nothing_depends_on_it(string metadata) =>
        Assert.Single(Parse($$$"""{"__metadata__":{{{metadata}}},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8));

    [Theory]
    [InlineData("BOOL", 8, TensorType.BOOL)]
    [InlineData("F64", 1, TensorType.F64)]
    [InlineData("U16", 4, TensorType.U16)]
    [InlineData("F8_E5M2", 8, TensorType.Other)]
    [InlineData("F4", 16, TensorType.Other)]
    [InlineData("f32", 2, TensorType.Other)]
    [InlineData("Other", 2, TensorType.Other)]
    [InlineData("0", 2, TensorType.Other)]
    public void A_tensor_of_any_type_has_its_place(string type, int elements, TensorType read)
    {
        var tensor = Assert.Single(Parse($$$"""{"a":{"dtype":"{{{type}}}","shape":[{{{elements}}}],"data_offsets":[0,8]}}""", 8));
        Assert.Equal((read, elements, $"{type}[{elements}]"), (tensor.Type, tensor.Elements, tensor.ToString()));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused()
    {
        byte[] json = [.. "{\"a"u8, 0xff, .. "\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"u8];
        Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Parse(json, 8));
    }

    [Fact]
    public void No_mutation_of_a_header_is_read_as_tensors_outside_the_data()
    {
        var json = """{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[8,16]}}"""u8.ToArray();
        var random = new Support.SplitMix(7);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = json.ToArray();
            for (var m = 0; m <= random.Below(3); m++) mutated[random.Below(mutated.Length)] = (byte)(random.Below(2) == 0 ? random.Below(256) : "0123456789[]{},:\""[random.Below(17)]);
            try
            {
                Assert.All(SafetensorsHeader.Parse(mutated, 16), t => Assert.True(t.Offset >= 0 && t.Length >= 0 && t.Offset + t.Length <= 16));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 10_000, 19_999);
    }

    private static IReadOnlyList<SafetensorsEntry> Parse(string json, long dataLength) => SafetensorsHeader.Parse(Encoding.UTF8.GetBytes(json), dataLength);
}
