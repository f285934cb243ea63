using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ServeBench.Domain.Faults;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_in_every_type()
    {
        using var file = Open(Write(
            ("singles", TensorType.F32, [2, 2], MemoryMarshal.AsBytes<float>([1.5f, -2, float.Epsilon, float.MaxValue]).ToArray()),
            ("halves", TensorType.F16, [3], MemoryMarshal.AsBytes<Half>([(Half)0.5, (Half)(-65504), Half.Epsilon]).ToArray()),
            ("brains", TensorType.BF16, [2], MemoryMarshal.AsBytes<ushort>([0x3f80, 0xc040]).ToArray()),
            ("numbers", TensorType.I64, [], MemoryMarshal.AsBytes<long>([long.MinValue]).ToArray())));
        Assert.Equal([1.5f, -2, float.Epsilon, float.MaxValue], file.Elements<float>(file.Find("singles")!).ToArray());
        Assert.Equal([0.5f, -65504, (float)Half.Epsilon], Singles(file, "halves"));
        Assert.Equal([1, -3], Singles(file, "brains"));
        Assert.Equal([long.MinValue], file.Elements<long>(file.Find("numbers")!).ToArray());
        Assert.Null(file.Find("nothing"));
    }

    [Fact]
    public void A_tensor_cannot_be_read_as_another_type_or_from_another_file()
    {
        using var file = Open(Write(("a", TensorType.F32, [2], new byte[8])));
        Assert.Throws<ArgumentException>(() => file.Elements<long>(file.Find("a")!).ToArray());
        Assert.Throws<ArgumentException>(() => file.Elements<float>(new SafetensorsEntry("a", TensorType.F32, [2], 0, 4_000_000)).ToArray());
        Assert.Throws<ArgumentException>(() => file.CopySingles(file.Find("a")!, new float[3]));
    }

    [Fact]
    public void The_data_begins_at_a_multiple_of_64_bytes()
    {
        var bytes = File.ReadAllBytes(Write(("a", TensorType.F32, [1], [1, 2, 3, 4])));
        Assert.Equal(0, (8 + BinaryPrimitives.ReadInt64LittleEndian(bytes)) % 64);
        Assert.Equal([1, 2, 3, 4], bytes[^4..]);
    }

    [Fact]
    public void A_header_of_two_gibibytes_is_refused_without_being_read()
    {
        var path = _folder.File("huge.safetensors");
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 1UL << 31);
        File.WriteAllBytes(path, bytes);
        Assert.Contains("2147483648 bytes; the limit is 100000000", Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "has 0 bytes")]
    [InlineData(7, "has 7 bytes")]
    [InlineData(8, "the file has 0 after")]
    [InlineData(100, "the file has 92 after")]
    [InlineData(-1, "claims bytes")]
    public void A_truncated_file_is_refused(int length, string reason)
    {
        var path = Write(("tensor", TensorType.F32, [4], new byte[16]));
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length < 0 ? whole[..^1] : whole[..length]);
        Assert.Contains(reason, Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_bytes_too_many_is_refused()
    {
        var path = Write(("tensor", TensorType.F32, [4], new byte[16]));
        File.AppendAllText(path, "PK");
        Assert.Contains("cover 16 bytes of a data section of 18", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("nowhere.safetensors", Refusal(_folder.File("nowhere.safetensors")), StringComparison.Ordinal);

    private static string Refusal(string path) => Assert.Throws<RunFailedException>(() => SafetensorsFile.Open(path)).Message;

    private static SafetensorsFile Open(string path) => SafetensorsFile.Open(path);

    private static float[] Singles(SafetensorsFile file, string name)
    {
        var values = new float[file.Find(name)!.Elements];
        file.CopySingles(file.Find(name)!, values);
        return values;
    }

    private string Write(params (string Name, TensorType Type, long[] Shape, byte[] Data)[] tensors)
    {
        var path = _folder.File("test.safetensors");
        using var stream = File.Create(path);
        SafetensorsWriter.Write(stream, [.. tensors.Select(t => (t.Name, t.Type, (IReadOnlyList<long>)t.Shape))], (t, offset, part) => tensors[t].Data.AsSpan((int)offset, part.Length).CopyTo(part));
        return path;
    }
}
