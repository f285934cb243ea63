using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Tests.Images.Compared;

/// <summary>One way from a JPEG file to what a network sees, on one thread.</summary>
internal interface IPreparation : IDisposable
{
    string Title { get; }

    /// <summary>The file of native code that it needs; null for none.</summary>
    string? Library { get; }

    /// <summary>Decodes, scales and cuts.</summary>
    /// <param name="planes">Receives red, green and blue, each [size, size].</param>
    void Prepare(byte[] file, ManifestImageInput input, byte[] planes);

    /// <summary>Where the middle of an image begins, and the size of all of it once it is scaled: the longer side rounded down.</summary>
    static (int Width, int Height, int Left, int Top) Plan(int width, int height, ManifestImageInput input)
    {
        var shorter = Math.Min(width, height);
        var (scaledWidth, scaledHeight) = (width * input.Resize / shorter, height * input.Resize / shorter);
        return (scaledWidth, scaledHeight, (scaledWidth - input.Size) / 2, (scaledHeight - input.Size) / 2);
    }

    /// <summary>Takes pixels of some bytes each apart into planes.</summary>
    static void Split(ReadOnlySpan<byte> pixels, int bytesOfPixel, byte[] planes)
    {
        var plane = pixels.Length / bytesOfPixel;
        for (var i = 0; i < plane; i++)
        {
            for (var colour = 0; colour < 3; colour++) planes[(colour * plane) + i] = pixels[(i * bytesOfPixel) + colour];
        }
    }
}
