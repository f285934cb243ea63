using ServeBench.Models.Architectures.Classification;

namespace ServeBench.Models.Tests.Support;

/// <summary>Images with the large shapes, shades and edges that photographs have, drawn from a seed.</summary>
internal static class DrawnImages
{
    /// <returns>RGB, [height, width, 3].</returns>
    public static byte[] Decoded(int seed, int height, int width)
    {
        var random = new Random(seed);
        var image = new double[height * width * 3];
        double[] ground = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
        var (slopeX, slopeY) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        for (var i = 0; i < image.Length; i++)
            image[i] = ground[i % 3] + (slopeX * (i / 3 % width) / width) + (slopeY * (i / 3 / width) / height);
        for (var shape = 0; shape < 12; shape++)
        {
            var (x, y, radius) = (random.Next(width), random.Next(height), random.Next(width / 16, width / 3));
            double[] colour = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            var isSquare = random.Next(2) == 0;
            for (var row = Math.Max(0, y - radius); row < Math.Min(height, y + radius); row++)
            {
                for (var column = Math.Max(0, x - radius); column < Math.Min(width, x + radius); column++)
                {
                    if (!isSquare && ((row - y) * (row - y)) + ((column - x) * (column - x)) > radius * radius) continue;
                    for (var c = 0; c < 3; c++) image[(((row * width) + column) * 3) + c] = colour[c];
                }
            }
        }
        return [.. image.Select(v => (byte)Math.Clamp(v * 255, 0, 255))];
    }

    /// <summary>A square image as the network sees it, without scaling.</summary>
    /// <returns>[3, size, size].</returns>
    public static float[] Prepared(int seed, ImageInput input)
    {
        var (decoded, size) = (Decoded(seed, input.Size, input.Size), input.Size);
        var planes = new float[decoded.Length];
        for (var i = 0; i < decoded.Length; i++)
        {
            var colour = i % 3;
            planes[(colour * size * size) + (i / 3)] =
                (float)(((decoded[i] / 255.0) - input.Mean[colour]) / input.Deviation[colour]);
        }
        return planes;
    }
}
