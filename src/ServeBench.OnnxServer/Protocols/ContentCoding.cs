using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>
/// Request bodies that come compressed (RFC 9110, 8.4): gzip and deflate are decoded within the limit of bodies, others refused.
/// </summary>
internal static class ContentCoding
{
    /// <summary>The codings that are decoded, as the header Accept-Encoding of a refusal names them.</summary>
    private const string Known = "gzip, deflate";

    private const string Plain = "identity";

    /// <summary>True when the body is coded at all.</summary>
    public static bool IsCoded(HttpRequest request) => CodingsOf(request).Length > 0;

    /// <returns>Why the body cannot be read; null when it can.</returns>
    public static ApiError? Refuse(HttpContext context)
    {
        var codings = CodingsOf(context.Request);
        if (codings.Length == 0 || (codings.Length == 1 && IsGzip(codings[0])) || (codings.Length == 1 && IsDeflate(codings[0])))
            return null;
        context.Response.Headers.AcceptEncoding = Known;
        return new ApiError(
            ErrorKind.UnknownEncoding,
            $"The body's Content-Encoding is '{string.Join(", ", codings)}'; this server decodes one of {Known}");
    }

    /// <summary>Decodes a body for which <see cref="Refuse"/> had no objection.</summary>
    /// <param name="body">The body as it came.</param>
    /// <param name="most">The most bytes that it may decode to.</param>
    /// <param name="error">What is wrong with it; null when all is well.</param>
    public static DecodedBody Decode(HttpRequest request, in ReadOnlySequence<byte> body, int most, out ApiError? error)
    {
        var coding = CodingsOf(request)[0];
        var coded = body.ToArray();
        using var input = new MemoryStream(coded);
        using Stream decoder = IsGzip(coding)
            ? new GZipStream(input, CompressionMode.Decompress)
            : new ZLibStream(input, CompressionMode.Decompress);
        var decoded = new DecodedBody();
        error = null;
        try
        {
            while (decoder.Read(decoded.Room) is > 0 and var read)
            {
                decoded.Advance(read);
                if (decoded.Bytes.Length <= most) continue;
                error =
                    new ApiError(ErrorKind.TooLarge, $"The body decodes to more than {most} bytes, the limit of this server (--max-body)");
                return decoded;
            }
            // The decoders of .NET take a body that was cut off for one that ends there.
            if (!IsWhole(coding, coded, decoded.Bytes))
                error = ApiError.Invalid($"The body is not valid {coding}: it was cut off, or something follows it");
        }
        // What needs a dictionary ends with an IOException; memory gives no other.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            error = ApiError.Invalid(
                IsGzip(coding)
                    ? $"The body is not valid {coding}: it is damaged, or not compressed at all"
                    : $"The body is not valid {coding}: it is damaged, not compressed at all, "
                        + "or lacks the header of zlib (RFC 9110, 8.4.1.2)");
        }
        return decoded;
    }

    /// <summary>
    /// True when the last bytes are what the coding ends with: the sum and the length of the last member of gzip, of which there may be
    /// several (RFC 1952, 2.2), or the sum of zlib (RFC 1950).
    /// </summary>
    private static bool IsWhole(string coding, ReadOnlySpan<byte> coded, ReadOnlySpan<byte> decoded)
    {
        if (coded.Length < 2 * sizeof(uint)) return false;
        var end = coded[^sizeof(uint)..];
        if (!IsGzip(coding)) return BinaryPrimitives.ReadUInt32BigEndian(end) == Adler32(decoded);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        return length <= decoded.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(coded[^(2 * sizeof(uint))..]) == Crc32.HashToUInt32(decoded[^(int)length..]);
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65521;
        // So many bytes cannot make the sums overflow.
        const int Part = 5552;
        var (low, high) = (1u, 0u);
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(Part, bytes.Length)];
            foreach (var b in part)
            {
                low += b;
                high += low;
            }
            (low, high) = (low % Modulus, high % Modulus);
            bytes = bytes[part.Length..];
        }
        return (high << 16) | low;
    }

    private static string[] CodingsOf(HttpRequest request)
    {
        var header = request.Headers.ContentEncoding;
        if (header.Count == 0) return [];
        return [
            .. header
                .ToString()
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(c => !c.Equals(Plain, StringComparison.OrdinalIgnoreCase))];
    }

    private static bool IsGzip(string coding) =>
        coding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || coding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);

    private static bool IsDeflate(string coding) => coding.Equals("deflate", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A body that was decoded, in memory that grows with it and is given back when this is disposed of.</summary>
internal sealed class DecodedBody : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 14);
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Where more bytes may be written; never empty.</summary>
    public Span<byte> Room
    {
        get
        {
            if (_length == _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
                Bytes.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            return _bytes.AsSpan(_length);
        }
    }

    public void Advance(int bytes) => _length += bytes;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
