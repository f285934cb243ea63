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
    /// The same picture in another file: with a comment in front that holds a number. A response that was kept for one is not one for the
    /// other, and decoders pass over it.
    /// </summary>
    public byte[] Marked(int number)
    {
        var comment = Encoding.ASCII.GetBytes($"request {number:0000000}");
        var marked = new byte[Bytes.Length + 4 + comment.Length];
        Bytes.AsSpan(0, 2).CopyTo(marked);
        (marked[2], marked[3]) = (0xFF, 0xFE);
        BinaryPrimitives.WriteUInt16BigEndian(marked.AsSpan(4), (ushort)(2 + comment.Length));
        comment.CopyTo(marked, 6);
        Bytes.AsSpan(2).CopyTo(marked.AsSpan(6 + comment.Length));
        return marked;
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
