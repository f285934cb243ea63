using System.Buffers;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Png;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.WebP;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>Makes what a model takes of image files. Holds buffers between images: no two threads at once.</summary>
/// <param name="maximumPixels">Images of more are refused before anything of them is decoded.</param>
internal sealed class ImageReader(int maximumPixels)
{
    private readonly IImageDecoder[] _decoders = [new JpegDecoder(), new PngDecoder(), new WebPDecoder()];
    private readonly ResizedCentre _centre = new();
    private readonly WholeImage _whole = new();

    /// <summary>Reads no more than the size.</summary>
    /// <exception cref="UnreadableImageException">when the file gives no image, or one over the limit.</exception>
    public ImageSize Measure(ReadOnlySpan<byte> file)
    {
        Measured(file, out var size);
        return size;
    }

    /// <summary>Decodes, scales and cuts.</summary>
    /// <returns>Red, green and blue, each [size, size]; of the shared pool.</returns>
    /// <exception cref="UnreadableImageException">when the file gives no image.</exception>
    public byte[] ReadCentre(ReadOnlySpan<byte> file, ManifestImageInput input)
    {
        var decoder = Measured(file, out var size);
        var planes = ArrayPool<byte>.Shared.Rent(ResizedCentre.BytesOf(input));
        _centre.Begin(size, input, planes);
        return Decode(decoder, file, _centre, planes);
    }

    /// <summary>Decodes alone.</summary>
    /// <returns>[height, width, 3], of the size that <see cref="Measure"/> says; of the shared pool.</returns>
    /// <exception cref="UnreadableImageException">when the file gives no image.</exception>
    public byte[] ReadWhole(ReadOnlySpan<byte> file)
    {
        var decoder = Measured(file, out var size);
        try
        {
            return Decode(decoder, file, _whole, _whole.Begin(size));
        }
        finally
        {
            _whole.End();
        }
    }

    private static byte[] Decode(IImageDecoder decoder, ReadOnlySpan<byte> file, IPixelRows into, byte[] values)
    {
        try
        {
            decoder.Decode(file, into);
            return values;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(values);
            throw;
        }
    }

    private IImageDecoder Measured(ReadOnlySpan<byte> file, out ImageSize size)
    {
        foreach (var decoder in _decoders)
        {
            if (!decoder.Recognises(file)) continue;
            size = decoder.Measure(file);
            if (size.Pixels == 0) throw UnreadableImageException.Damaged($"its size is {size}");
            if (Math.Max(size.Width, size.Height) > IImageDecoder.MostSide)
                throw UnreadableImageException.TooLong(size.Width, size.Height);
            if (size.Pixels > maximumPixels)
                throw new UnreadableImageException(
                    $"has {size} pixels, more than {maximumPixels}, the limit of this server (--max-pixels); scale it down");
            return decoder;
        }
        throw new UnreadableImageException(
            file.IsEmpty ? "is empty" : $"is of no format that this server reads ({string.Join(", ", _decoders.Select(d => d.Format))})");
    }
}
