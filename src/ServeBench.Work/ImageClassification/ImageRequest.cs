using System.Text.Json.Nodes;
using ServeBench.Models.References.Classification;

namespace ServeBench.Work.ImageClassification;

/// <summary>A request for the classes of some images.</summary>
/// <param name="Images">At least one.</param>
public sealed record ImageRequest(IReadOnlyList<SentImage> Images) : WorkRequest
{
    /// <summary>Every file of the request, as an array.</summary>
    public const string FilesVariable = "images";

    /// <summary>The only file; not there when there are several.</summary>
    public const string FileVariable = "image";

    /// <summary>The prepared pixels of all images, one after the other.</summary>
    public const string PixelsVariable = "pixels";

    /// <summary>The shape of those: [images, 3, size, size].</summary>
    public const string ShapeVariable = "shape";

    /// <summary>How many bytes those have.</summary>
    public const string PixelBytesVariable = "pixel-bytes";

    /// <summary>Whether all logits are asked for.</summary>
    public const string LogitsVariable = "logits";

    private const int Channels = 3;

    /// <summary>
    /// Whether the answer is to hold every logit, so that it can be compared in full; the best classes suffice otherwise.
    /// </summary>
    public bool AsksForLogits { get; init; }

    public override int Items => Images.Count;

    public override string Identity => string.Join('\n', Images.Select(i => i.Identity));

    public override int Size => Images.Sum(i => i.Size);

    public override IReadOnlyDictionary<string, JsonNode> Values
    {
        get
        {
            var makers = new Dictionary<string, Func<JsonNode>> { [LogitsVariable] = () => JsonValue.Create(AsksForLogits) };
            if (Images.All(i => i.File is not null))
            {
                makers[FilesVariable] = () => new JsonArray([.. Images.Select(i => JsonValue.Create(i.File!()))]);
                if (Images.Count == 1) makers[FileVariable] = () => JsonValue.Create(Images[0].File!())!;
            }
            if (Images.All(i => i.Pixels is not null))
            {
                makers[PixelsVariable] = () => JsonValue.Create(
                    Images.Count == 1 ? Images[0].Pixels!() : [.. Images.SelectMany(i => i.Pixels!())])!;
                makers[ShapeVariable] = () => new JsonArray(Images.Count, Channels, Images[0].Side, Images[0].Side);
                makers[PixelBytesVariable] = () => JsonValue.Create(
                    Images.Count * Channels * Images[0].Side * Images[0].Side * sizeof(float));
            }
            return new LazyValueDictionary(makers);
        }
    }
}

/// <summary>An image in the forms in which it may be sent.</summary>
/// <param name="Identity">Equal for images whose answer could be the same kept one.</param>
/// <param name="Content">Equal for images that show the same.</param>
public sealed record SentImage(string Identity, string Content)
{
    /// <summary>Makes the file; null where it is not sent as one.</summary>
    public Func<byte[]>? File { get; init; }

    /// <summary>Makes the prepared pixels, [3, side, side]; null where they are not sent.</summary>
    public Func<float[]>? Pixels { get; init; }

    /// <summary>What its file shows; null where there is none to decode.</summary>
    public Func<ReferenceImage>? Decoded { get; init; }

    /// <summary>Width and height of the prepared pixels.</summary>
    public int Side { get; init; }

    /// <summary>About how many bytes it has.</summary>
    public int Size { get; init; }
}
