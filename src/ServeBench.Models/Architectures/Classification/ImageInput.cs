using ServeBench.Domain.Yaml;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>
/// The <c>input:</c> section of an image classifier: what is done to a decoded image, in this order: its shorter side is scaled to
/// <see cref="Resize"/> pixels (bilinear with antialiasing, as Pillow does it), the middle <see cref="Size"/> x <see cref="Size"/> are
/// cut out, values are divided by 255, the mean is taken off and the result divided by the deviation, for each of R, G and B.
/// </summary>
/// <param name="Size">Width and height that the network sees, in pixels.</param>
/// <param name="Resize">The shorter side before cutting, in pixels; at least <paramref name="Size"/>.</param>
/// <param name="Mean">Of R, G and B, in 0 to 1.</param>
/// <param name="Deviation">Of R, G and B, in 0 to 1.</param>
public sealed record ImageInput(int Size, int Resize, IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)
{
    public const int Channels = 3;

    internal static ImageInput Read(YamlMapping section)
    {
        var input = new ImageInput(
            section.Integer("size", 32, 4096),
            section.Integer("resize", 32, 8192),
            Colours(section, "mean", 0),
            Colours(section, "deviation", 1e-3));
        if (input.Resize < input.Size)
            section.Fault(
                "resize",
                $"a side of {input.Resize} pixels is too short to cut {input.Size} out of it",
                "Give the shorter side before cutting, for example 256 for a size of 224");
        section.Done();
        return input;
    }

    private static double[] Colours(YamlMapping section, string key, double least)
    {
        var colours = section.Mapping(key);
        double[] values = [colours.Number("red", least, 1), colours.Number("green", least, 1), colours.Number("blue", least, 1)];
        colours.Done();
        return values;
    }
}
