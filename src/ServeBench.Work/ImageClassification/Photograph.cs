using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using ServeBench.Domain.Faults;
using ServeBench.Models.References.Classification;

namespace ServeBench.Work.ImageClassification;

/// <summary>A JPEG file, decoded when that is asked for.</summary>
internal sealed class Photograph
{
    private readonly string _shown;
    private readonly Lazy<ReferenceImage> _decoded;
    private readonly ConcurrentDictionary<int, ReferenceImage> _resized = [];

    /// <param name="name">By which it is told from others.</param>
    /// <param name="shown">The file as a fault names it.</param>
    /// <param name="bytes">Its content.</param>
    public Photograph(string name, string shown, byte[] bytes)
    {
        (Name, Bytes, _shown) = (name, bytes, shown);
        _decoded = new Lazy<ReferenceImage>(Decode);
    }

    public string Name { get; }

    public byte[] Bytes { get; }

    /// <exception cref="RunFailedException">when it cannot be decoded here.</exception>
    public ReferenceImage Decoded => _decoded.Value;

    /// <exception cref="RunFailedException">when it cannot be decoded here.</exception>
    public ReferenceImage Resized(int shorterSide) => _resized.GetOrAdd(shorterSide, side => ReferencePreparation.Resize(Decoded, side));

    /// <summary>
    /// The same picture in another file: with a comment near its front that holds a number. A response that was kept for one is not one for
    /// the other, and decoders pass over it.
    /// </summary>
    public byte[] Marked(int number)
    {
        var comment = Encoding.ASCII.GetBytes($"request {number:0000000}");
        Span<byte> head = [0xFF, 0xFE, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(2 + comment.Length));
        var at = CommentPlace();
        return [.. Bytes.AsSpan(0, at), .. head, .. comment, .. Bytes.AsSpan(at)];
    }

    /// <summary>
    /// Behind what applications say of the file: JFIF and Exif demand that their segment is the first one.
    /// </summary>
    private int CommentPlace()
    {
        var at = 2;
        while (at + 4 <= Bytes.Length && Bytes[at] == 0xFF && Bytes[at + 1] is >= 0xE0 and <= 0xEF)
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(at + 2));
        return Math.Min(at, Bytes.Length);
    }

    private ReferenceImage Decode()
    {
        try
        {
            return ReferenceJpeg.Decode(Bytes);
        }
        catch (InvalidDataException e)
        {
            throw new RunFailedException(
                $"{_shown} cannot be used as a photograph: {e.Message}", "Save it again as a baseline JPEG file", e);
        }
    }
}
