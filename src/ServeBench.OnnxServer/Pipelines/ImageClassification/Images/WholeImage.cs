using System.Buffers;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>All of an image, for graphs that prepare it themselves: red, green and blue of each pixel, [height, width, 3].</summary>
internal sealed class WholeImage : IPixelRows
{
    private const int Colours = 3;

    private uint[] _room = [];
    private byte[] _values = [];

    /// <summary>How many bytes the values of an image are.</summary>
    public static long BytesOf(ImageSize size) => size.Pixels * Colours;

    public PixelArea Wanted { get; private set; }

    public Span<uint> Room => _room;

    /// <summary>Begins with an image.</summary>
    /// <returns>Receives it; of the shared pool.</returns>
    public byte[] Begin(ImageSize size)
    {
        Wanted = new PixelArea(0, 0, size.Width, size.Height);
        if (_room.Length < size.Width + IPixelRows.Slack) _room = new uint[size.Width + IPixelRows.Slack];
        return _values = ArrayPool<byte>.Shared.Rent((int)BytesOf(size));
    }

    /// <summary>Lets go of the values, which are the caller's from now on.</summary>
    public void End() => _values = [];

    public void Commit(int row)
    {
        var into = _values.AsSpan(row * Wanted.Width * Colours, Wanted.Width * Colours);
        for (var x = 0; x < Wanted.Width; x++)
        {
            var pixel = _room[x];
            (into[x * Colours], into[(x * Colours) + 1], into[(x * Colours) + 2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
        }
    }
}
