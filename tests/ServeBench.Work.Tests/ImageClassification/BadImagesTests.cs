using ServeBench.Models.References.Classification;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

public sealed class BadImagesTests
{
    private static readonly SentImage Good = new("good", "good") { File = () => ReferenceImages.All[0].Bytes, Pixels = () => new float[12], Side = 2 };

    [Fact]
    public void They_cannot_be_decoded_and_stand_between_good_ones()
    {
        var bad = BadImages.Between(Good, Good);
        Assert.Equal(2, bad.Count);
        foreach (var item in bad)
        {
            var file = item.Alone.Values[ImageRequest.FileVariable].GetValue<byte[]>();
            Assert.Throws<InvalidDataException>(() => ReferenceJpeg.Decode(file));
            Assert.Equal((1, 3), (item.Alone.Items, item.Among.Items));
            // As a tensor it has fewer numbers than its shape says.
            Assert.True(item.Alone.Values[ImageRequest.PixelsVariable].GetValue<float[]>().Length < 12);
            Assert.Equal("[1,3,2,2]", item.Alone.Values[ImageRequest.ShapeVariable].ToJsonString());
        }
    }
}
