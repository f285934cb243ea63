using System.Text;

namespace ServeBench.Work.ImageClassification;

/// <summary>
/// What is no image. Of a file that ends in the middle the head is good: it is often found only when it is decoded.
/// </summary>
internal static class BadImages
{
    /// <param name="first">A good image.</param>
    /// <param name="second">Another.</param>
    public static IReadOnlyList<BadItem> Between(SentImage first, SentImage second)
    {
        BadItem Of(string shown, SentImage bad) => new(shown, new ImageRequest([bad]), new ImageRequest([first, bad, second]));
        var half = new SentImage("half an image", "half an image")
        {
            File = () => first.File!()[..(first.File!().Length / 2)],
            Pixels = first.Pixels is { } pixels ? () => pixels()[..(pixels().Length / 2)] : null,
            Side = first.Side,
            Size = first.Size / 2,
        };
        var none = new SentImage("no image", "no image")
        {
            File = () => Encoding.ASCII.GetBytes("This is no image, but a sentence in the place of one."),
            Pixels = first.Pixels is null ? null : () => [],
            Side = first.Side,
        };
        return [Of("the first half of an image", half), Of("a text in the place of an image", none)];
    }
}
