using System.Text.Json.Serialization;

namespace ServeBench.Models.Store;

/// <summary>
/// What is done to a decoded image, in this order: its shorter side is scaled to <paramref name="Resize"/> pixels, the longer one is
/// rounded down, the middle <paramref name="Size"/> x <paramref name="Size"/> are cut out, values are divided by 255, the mean is taken
/// off and the result divided by the deviation, for each of R, G and B.
/// </summary>
/// <param name="Size">Width and height that the network sees, in pixels.</param>
/// <param name="Resize">The shorter side before cutting, in pixels; at least <paramref name="Size"/>.</param>
/// <param name="Interpolation"><c>bilinear</c>: antialiased, as Pillow does it.</param>
/// <param name="Mean">Of R, G and B, in 0 to 1.</param>
/// <param name="Deviation">Of R, G and B, in 0 to 1.</param>
/// <param name="Preparation"><c>outside</c> where the caller does all of this, <c>inside</c> where the graph does.</param>
public sealed record ManifestImageInput(
    int Size, int Resize, string Interpolation, IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation, string Preparation)
{
    public const string Bilinear = "bilinear";
    public const string Outside = "outside";
    public const string Inside = "inside";

    private const int Colours = 3;
    private const int LargestSide = 1 << 13;

    /// <summary>True where the graph takes decoded images.</summary>
    [JsonIgnore]
    public bool PreparesInside => Preparation == Inside;

    /// <summary>What cannot be done to any image; null when all of it can.</summary>
    internal string? Fault()
    {
        if (Size < 1 || Resize < Size || Resize > LargestSide)
            return $"input has a size of {Size} and a resize of {Resize}; 1 <= size <= resize <= {LargestSide} must hold";
        if (Interpolation != Bilinear) return $"input has the interpolation '{Interpolation}'; {Bilinear} is known";
        if (Preparation is not (Outside or Inside)) return $"input has the preparation '{Preparation}'; {Outside} and {Inside} are known";
        if (Mean.Count != Colours || Deviation.Count != Colours) return $"input must have {Colours} means and {Colours} deviations";
        return Deviation.All(d => d > 0) ? null : "input has a deviation that is not greater than 0";
    }
}
