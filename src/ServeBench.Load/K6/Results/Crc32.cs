namespace ServeBench.Load.K6.Results;

/// <summary>The checksum at the end of a gzip member (RFC 1952, section 8).</summary>
internal struct Crc32()
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var c = _state;
        foreach (var b in bytes) c = Table[(byte)(c ^ b)] ^ (c >> 8);
        _state = c;
    }
}
