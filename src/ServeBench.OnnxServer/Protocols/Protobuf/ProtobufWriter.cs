using System.Buffers;
using System.Text;

namespace ServeBench.OnnxServer.Protocols.Protobuf;

/// <summary>Writes a protobuf message (Protocol Buffers, Encoding).</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Number(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Varint(value);
    }

    public void Flag(int field, bool value) => Number(field, value ? 1UL : 0);

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        BeginBytes(field, value.Length);
        _bytes.Write(value);
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        write(message);
        Bytes(field, message.Written.Span);
    }

    /// <summary>Numbers one after another in one value, where there are some.</summary>
    public void Packed(int field, IEnumerable<long> values)
    {
        var packed = new ProtobufWriter();
        foreach (var value in values) packed.Varint((ulong)value);
        if (packed._bytes.WrittenCount > 0) Bytes(field, packed.Written.Span);
    }

    /// <summary>Begins a value whose bytes are written by someone else.</summary>
    public void BeginBytes(int field, int length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
    }

    private void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (ulong)type);

    private void Varint(ulong value)
    {
        var into = _bytes.GetSpan(10);
        var count = 0;
        for (; value >= 0x80; value >>= 7) into[count++] = (byte)(value | 0x80);
        into[count++] = (byte)value;
        _bytes.Advance(count);
    }
}
