using ServeBench.Models.Store;
using SkiaSharp;

namespace ServeBench.OnnxServer.Tests.Images.Compared;

/// <summary>SkiaSharp: whole, or at the smallest size that its decoder gives and that is not too small.</summary>
internal sealed class SkiaPreparation(bool shrinks) : IPreparation
{
    public string Title => shrinks ? "SkiaSharp, shrunk on load" : "SkiaSharp, all pixels";

    public string Library => "libSkiaSharp.so";

    public void Prepare(byte[] file, ManifestImageInput input, byte[] planes)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        var (width, height, left, top) = IPreparation.Plan(codec.Info.Width, codec.Info.Height, input);
        var size = shrinks ? codec.GetScaledDimensions((float)width / codec.Info.Width) : codec.Info.Size;
        if (size.Width < width || size.Height < height) size = codec.Info.Size;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var decoded = new SKBitmap(info);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, decoded.GetPixels()));
        // Of its ways to shrink, the one that averages: halved pictures, and linear between them and within.
        var sampling = new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
        using var scaled = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Assert.True(decoded.ScalePixels(scaled, sampling));
        var pixels = scaled.GetPixelSpan();
        for (var y = 0; y < input.Size; y++)
        {
            var row = pixels.Slice((((top + y) * width) + left) * 4, input.Size * 4);
            for (var i = 0; i < input.Size; i++)
            {
                for (var colour = 0; colour < 3; colour++)
                    planes[(((colour * input.Size) + y) * input.Size) + i] = row[(i * 4) + colour];
            }
        }
    }

    public void Dispose()
    {
    }
}
