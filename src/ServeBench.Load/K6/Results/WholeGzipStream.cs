using System.Buffers.Binary;
using System.IO.Compression;

namespace ServeBench.Load.K6.Results;

/// <summary>
/// Reads a gzip file whole: every member of it, since runners' files are appended to each other and some writers begin a new member
/// at each flush, and each to its end, which its checksum and length prove (RFC 1952). GZipStream takes data that was cut off for whole.
/// </summary>
public sealed class WholeGzipStream : Stream
{
    /// <summary>How far a deflate stream may read beyond the end of its data; its buffer is 8 KiB.</summary>
    private const int ReadAhead = 1 << 16;

    private readonly FileStream _file;
    private DeflateStream? _member;
    private long _memberStart;
    private Crc32 _checksum = new();
    private uint _length;
    private long _total;

    /// <param name="file">The compressed file, at its start; it is closed with this.</param>
    public WholeGzipStream(FileStream file) => _file = file;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file, compressed or not; its content decides, not its name.</summary>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return compressed ? new WholeGzipStream(file) : file;
    }

    /// <exception cref="InvalidDataException">when the data ends before its end, or is not what its checksum says.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) return 0;
        while (_member is not null || TryBegin())
        {
            var read = _member!.Read(buffer);
            if (read > 0)
            {
                _checksum.Add(buffer[..read]);
                _length += (uint)read;
                _total += read;
                return read;
            }
            End();
        }
        return 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _file.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <returns>False at the end of the file; zeros there are padding.</returns>
    private bool TryBegin()
    {
        int first;
        do first = _file.ReadByte();
        while (first == 0 && _memberStart > 0);
        if (first < 0) return _total > 0 || _memberStart > 0 ? false : throw Cut();
        if (first != 0x1f || Next() != 0x8b) throw new InvalidDataException($"after {_total} bytes comes something that is not compressed");
        if (Next() != 8) throw new InvalidDataException("it is compressed in a way that gzip does not know");
        var flags = Next();
        _file.Position += 6;
        if ((flags & 4) != 0) _file.Position += Next() | (Next() << 8);
        if ((flags & 8) != 0) SkipText();
        if ((flags & 16) != 0) SkipText();
        if ((flags & 2) != 0) _file.Position += 2;
        if (_file.Position >= _file.Length) throw Cut();
        (_memberStart, _checksum, _length) = (_file.Position, new Crc32(), 0);
        _member = new DeflateStream(_file, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    /// <summary>Finds the member's last eight bytes, which are known by now, in what was read last.</summary>
    private void End()
    {
        _member!.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        var from = Math.Max(_memberStart, _file.Position - ReadAhead);
        var window = new byte[(int)(Math.Min(_file.Length, _file.Position + trailer.Length) - from)];
        _file.Position = from;
        _file.ReadExactly(window);
        var at = window.AsSpan().IndexOf(trailer);
        if (at < 0) throw Cut();
        _file.Position = from + at + trailer.Length;
    }

    private int Next() => _file.ReadByte() is var b and >= 0 ? b : throw Cut();

    private void SkipText()
    {
        while (Next() != 0)
        {
            // A name or a comment, which ends with a zero.
        }
    }

    private InvalidDataException Cut() => new($"the compressed data ends, or is damaged, after {_total} bytes");
}
