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

    /// <summary>The good ones around a bad one are whole, whichever form they are sent in, and no request is a copy of another.</summary>
    [Fact]
    public void Only_the_one_between_the_good_ones_is_bad()
    {
        var other = Good with { File = () => ReferenceImages.All[1].Bytes, Identity = "other" };
        var bad = BadImages.Between(Good, other);
        foreach (var item in bad)
        {
            Assert.Equal([Good, ((ImageRequest)item.Alone).Images[0], other], ((ImageRequest)item.Among).Images);
            var files = item.Among.Values[ImageRequest.FilesVariable].AsArray();
            Assert.Equal(ReferenceImages.All[0].Bytes, files[0]!.GetValue<byte[]>());
            Assert.Equal(ReferenceImages.All[1].Bytes, files[2]!.GetValue<byte[]>());
        }
        Assert.Equal(bad.Count, bad.Select(b => b.Alone.Identity).Distinct().Count());
    }

    /// <summary>Of half a file the head is good: it is found only when it is decoded.</summary>
    [Fact]
    public void Half_a_file_begins_as_a_good_one()
    {
        var half = BadImages.Between(Good, Good)[0].Alone.Values[ImageRequest.FileVariable].GetValue<byte[]>();
        Assert.Equal(ReferenceImages.All[0].Bytes[..half.Length], half);
        Assert.Equal(ReferenceImages.All[0].Bytes.Length / 2, half.Length);
    }

    /// <summary>Of a graph that prepares images itself none are sent prepared, bad ones neither.</summary>
    [Fact]
    public void Where_no_tensors_are_sent_bad_ones_are_none()
    {
        var files = Good with { Pixels = null };
        Assert.All(BadImages.Between(files, files), item =>
        {
            Assert.False(item.Alone.Values.ContainsKey(ImageRequest.PixelsVariable));
            Assert.False(item.Among.Values.ContainsKey(ImageRequest.PixelsVariable));
        });
    }
}
