using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>Keeps what a decoder hands out, of the whole image or a part of it.</summary>
internal sealed class DecodedImage(PixelArea wanted) : IPixelRows
{
    private readonly uint[] _room = new uint[wanted.Width + IPixelRows.Slack];

    public PixelArea Wanted => wanted;

    public Span<uint> Room => _room;

    public int Rows { get; private set; }

    /// <summary>Red, green and blue, row by row.</summary>
    public List<byte> Values { get; } = [];

    /// <summary>Decodes all of a file.</summary>
    public static DecodedImage Of(IImageDecoder decoder, byte[] file)
    {
        var size = decoder.Measure(file);
        var image = new DecodedImage(new PixelArea(0, 0, size.Width, size.Height));
        decoder.Decode(file, image);
        return image;
    }

    public void Commit(int row)
    {
        Assert.Equal(wanted.Top + Rows++, row);
        foreach (var pixel in _room[..wanted.Width]) Values.AddRange([(byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16)]);
    }
}
