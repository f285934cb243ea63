using System.Buffers;

namespace ServeBench.Load.Http2;

/// <summary>
/// Header blocks that need no table, so that their bytes are the same in every request and every connection. Text is not compressed.
/// </summary>
internal sealed class HeaderBlockWriter
{
    private readonly ArrayBufferWriter<byte> _block = new();

    public ReadOnlySpan<byte> Written => _block.WrittenSpan;

    /// <summary>A field with a number of its own.</summary>
    public HeaderBlockWriter Known(int number)
    {
        Integer(0x80, 7, number);
        return this;
    }

    /// <param name="number">Of a field whose name it has.</param>
    /// <param name="value">In ASCII.</param>
    public HeaderBlockWriter Field(int number, string value)
    {
        Integer(0, 4, number);
        Text(value);
        return this;
    }

    public HeaderBlockWriter Field(string name, string value)
    {
        Integer(0, 4, 0);
        Text(name);
        Text(value);
        return this;
    }

    private void Text(string text)
    {
        Integer(0, 7, text.Length);
        _block.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    /// <summary>A number whose first bits are the last ones of a byte (RFC 7541, section 5.1).</summary>
    private void Integer(byte first, int bits, int number)
    {
        var most = (1 << bits) - 1;
        if (number < most)
        {
            _block.Write([(byte)(first | number)]);
            return;
        }
        _block.Write([(byte)(first | most)]);
        for (number -= most; number >= 0x80; number >>= 7) _block.Write([(byte)(number | 0x80)]);
        _block.Write([(byte)number]);
    }
}
