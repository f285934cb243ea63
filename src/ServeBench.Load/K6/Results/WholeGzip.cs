using System.Buffers.Binary;
using System.IO.Compression;

namespace ServeBench.Load.K6.Results;

/// <summary>
/// Reads one gzip member and insists on its end: GZipStream takes data that was cut off for whole. The last four bytes of a
/// member say how long what was compressed is, modulo 2^32 (RFC 1952, ISIZE).
/// </summary>
internal sealed class WholeGzip : Stream
{
    private readonly GZipStream _inner;
    private readonly uint _length;
    private uint _read;

    /// <param name="file">The compressed file, which can seek; it is closed with this.</param>
    public WholeGzip(FileStream file)
    {
        Span<byte> end = stackalloc byte[4];
        file.Seek(-Math.Min(file.Length, end.Length), SeekOrigin.End);
        _length = file.ReadAtLeast(end, end.Length, throwOnEndOfStream: false) == end.Length ? BinaryPrimitives.ReadUInt32LittleEndian(end) : uint.MaxValue;
        file.Position = 0;
        _inner = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">when the data ends before its end.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = _inner.Read(buffer, offset, count);
        if (read == 0 && count > 0 && _read != _length) throw new InvalidDataException($"the compressed data ends after {_read} bytes");
        _read += (uint)read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }
}
