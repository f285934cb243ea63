using ServeBench.Models.Store;

namespace ServeBench.Models.References.Classification;

/// <summary>
/// What a network sees of a decoded image, from the definition: Pillow's antialiased bilinear resize of 8-bit images (Resample.c: rows,
/// then columns, weights of 22 bits behind the point), the middle, the normalisation. It shares no code with any server.
/// </summary>
public static class ReferencePreparation
{
    private const int Channels = 3;
    private const int WeightBits = 32 - 8 - 2;

    /// <summary>An image with the shorter side that is asked for; the longer one is rounded down.</summary>
    public static ReferenceImage Resize(ReferenceImage image, int shorterSide)
    {
        var shorter = Math.Min(image.Width, image.Height);
        int Scaled(int side) => (int)((long)side * shorterSide / shorter);
        return Down(Across(image, Scaled(image.Width)), Scaled(image.Height));
    }

    /// <summary>A square of the network's size out of a resized image, normalised.</summary>
    /// <param name="resized">What <see cref="Resize"/> has made.</param>
    /// <param name="input">What the network sees.</param>
    /// <param name="left">Pixels to the left of the square; its middle where it is null.</param>
    /// <param name="top">Pixels above the square; its middle where it is null.</param>
    /// <returns>[3, size, size].</returns>
    public static float[] Cut(ReferenceImage resized, ManifestImageInput input, int? left = null, int? top = null)
    {
        var (size, plane) = (input.Size, input.Size * input.Size);
        var (x0, y0) = (left ?? ((resized.Width - size) / 2), top ?? ((resized.Height - size) / 2));
        var prepared = new float[Channels * plane];
        for (var i = 0; i < plane; i++)
        {
            var at = ((((y0 + (i / size)) * resized.Width) + x0 + (i % size)) * Channels);
            for (var c = 0; c < Channels; c++)
                prepared[(c * plane) + i] = (float)(((resized.Pixels[at + c] / 255.0) - input.Mean[c]) / input.Deviation[c]);
        }
        return prepared;
    }

    /// <summary>All that is done to an image before a network sees it.</summary>
    /// <returns>[3, size, size].</returns>
    public static float[] Prepare(ReferenceImage image, ManifestImageInput input) => Cut(Resize(image, input.Resize), input);

    private static ReferenceImage Across(ReferenceImage image, int width)
    {
        var weights = Weights(image.Width, width);
        var pixels = new byte[width * image.Height * Channels];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < Channels; c++)
                {
                    pixels[(((y * width) + x) * Channels) + c] =
                        Sum(weights[x], image.Pixels, (y * image.Width * Channels) + c, Channels);
                }
            }
        }
        return new ReferenceImage(width, image.Height, pixels);
    }

    private static ReferenceImage Down(ReferenceImage image, int height)
    {
        var weights = Weights(image.Height, height);
        var stride = image.Width * Channels;
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < stride; x++) pixels[(y * stride) + x] = Sum(weights[y], image.Pixels, x, stride);
        }
        return new ReferenceImage(image.Width, height, pixels);
    }

    private static byte Sum((int First, int[] Weights) of, byte[] pixels, int at, int step)
    {
        var sum = 1 << (WeightBits - 1);
        for (var i = 0; i < of.Weights.Length; i++) sum += pixels[at + ((of.First + i) * step)] * of.Weights[i];
        return (byte)Math.Clamp(sum >> WeightBits, 0, 255);
    }

    /// <summary>For each new pixel, the old ones that it is made of: a triangle as wide as the scale where the image shrinks.</summary>
    private static (int First, int[] Weights)[] Weights(int from, int to)
    {
        var scale = (double)from / to;
        var support = Math.Max(scale, 1);
        return [.. Enumerable.Range(0, to).Select(i =>
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var end = Math.Min(from, (int)(centre + support + 0.5));
            double[] triangle =
                [.. Enumerable.Range(first, end - first).Select(at => Math.Max(0, 1 - Math.Abs((at - centre + 0.5) / support)))];
            var sum = triangle.Sum();
            return (first, triangle.Select(w => (int)((w / sum * (1 << WeightBits)) + 0.5)).ToArray());
        })];
    }
}
