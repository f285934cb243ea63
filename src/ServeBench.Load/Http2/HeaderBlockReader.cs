namespace ServeBench.Load.Http2;

/// <summary>
/// Reads header blocks of a server that was told to keep no table of its own (SETTINGS_HEADER_TABLE_SIZE 0), so that no block depends on
/// another (RFC 7541). Allocates nothing once its buffers have grown.
/// </summary>
internal sealed class HeaderBlockReader
{
    /// <summary>Bytes of one name or value, decoded.</summary>
    private const int Maximum = 64 * 1024;

    private byte[] _name = new byte[64];
    private byte[] _value = new byte[256];

    /// <summary>Reads one whole block.</summary>
    /// <param name="block">Its bytes.</param>
    /// <param name="response">Gets each field.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Read(ReadOnlySpan<byte> block, IHttp2Response response)
    {
        while (!block.IsEmpty)
        {
            if (Field(ref block, response) is { } problem) return problem;
        }
        return null;
    }

    private string? Field(ref ReadOnlySpan<byte> block, IHttp2Response response)
    {
        var first = block[0];
        if (first >= 0x80)
        {
            if (!Integer(ref block, 7, out var number)) return "a field's number in a header block is cut off or too large";
            if (number is 0) return "a header block names the field number 0";
            if (number > StaticFields.Count) return NoTable(number);
            var (name, value) = StaticFields.Get(number);
            return response.Field(name, value);
        }
        if (first >> 5 == 1)
        {
            if (!Integer(ref block, 5, out var size)) return "a table size in a header block is cut off or too large";
            return size == 0 ? null : $"the server wants a header table of {size} bytes, and was told to keep none";
        }
        // With a table of no bytes, a field that is to be remembered is forgotten at once: the three kinds of literals are one.
        if (!Integer(ref block, first >= 0x40 ? 6 : 4, out var named)) return "a name's number in a header block is cut off or too large";
        if (named > StaticFields.Count) return NoTable(named);
        ReadOnlySpan<byte> literalName = named == 0 ? default : StaticFields.Get(named).Name;
        if (named == 0 && !Text(ref block, ref _name, out literalName)) return "a field's name in a header block cannot be decoded";
        if (literalName.IsEmpty) return "a field in a header block has no name";
        return Text(ref block, ref _value, out var literalValue)
            ? response.Field(literalName, literalValue)
            : "a field's value in a header block cannot be decoded";
    }

    private static string NoTable(int number) =>
        $"a header block names field {number} of a table that the server was told not to keep (SETTINGS_HEADER_TABLE_SIZE 0)";

    /// <summary>A number whose first bits are the last ones of a byte (RFC 7541, section 5.1).</summary>
    private static bool Integer(scoped ref ReadOnlySpan<byte> block, int bits, out int number)
    {
        number = 0;
        if (block.IsEmpty) return false;
        var most = (1 << bits) - 1;
        number = block[0] & most;
        block = block[1..];
        if (number < most) return true;
        for (var shift = 0; shift <= 21 && !block.IsEmpty; shift += 7)
        {
            var one = block[0];
            block = block[1..];
            number += (one & 0x7f) << shift;
            if (one < 0x80) return true;
        }
        return false;
    }

    private static bool Text(scoped ref ReadOnlySpan<byte> block, ref byte[] buffer, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (block.IsEmpty) return false;
        var isCoded = block[0] >= 0x80;
        if (!Integer(ref block, 7, out var length) || length > block.Length || length > Maximum) return false;
        text = block[..length];
        block = block[length..];
        if (!isCoded) return true;
        if (buffer.Length < 2 * length) Array.Resize(ref buffer, 2 * length);
        var decoded = HuffmanText.Decode(text, buffer);
        if (decoded < 0) return false;
        text = buffer.AsSpan(0, decoded);
        return true;
    }
}
