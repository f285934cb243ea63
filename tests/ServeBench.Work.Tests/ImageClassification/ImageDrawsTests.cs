using ServeBench.Domain.Faults;
using ServeBench.Models.References.Classification;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

public sealed class ImageDrawsTests
{
    [Theory]
    [InlineData(SentForm.File)]
    [InlineData(SentForm.Tensor)]
    public void No_two_requests_are_the_same_and_the_seed_gives_all(SentForm form)
    {
        var requests = Drawn.Requests(form, photographs: 3, items: 2, distinct: 60);
        Assert.Equal(60, requests.Select(r => r.Identity).Distinct().Count());
        Assert.All(requests, r => Assert.Equal(2, r.Items));
        Assert.Equal(requests.Select(r => r.Identity), Drawn.Requests(form, 3, 2, 60).Select(r => r.Identity));
        Assert.NotEqual(requests.Select(r => r.Identity), Drawn.Requests(form, 3, 2, 60, seed: 8).Select(r => r.Identity));
    }

    [Fact]
    public void Every_photograph_comes_equally_often_in_every_mix()
    {
        var spec = new ImagePayload("p", SentForm.File, ItemsPerRequest: 2, Distinct: 12);
        var mix = spec.Mix(3);
        Assert.Equal(3, mix);
        foreach (var chunk in Drawn.Requests(SentForm.File, 3, 2, 12).Chunk(mix))
            Assert.Equal([2, 2, 2], chunk.SelectMany(r => r.Images).GroupBy(i => i.Content).Select(g => g.Count()));
    }

    /// <summary>A comment in the file is what makes it another one: what it shows stays.</summary>
    [Fact]
    public void Files_differ_in_their_bytes_and_show_the_same()
    {
        var photograph = Drawn.Photographs(1)[0];
        var (one, other) = (photograph.Marked(1), photograph.Marked(2));
        Assert.NotEqual(one, other);
        Assert.Equal(one.Length, other.Length);
        // JFIF demands that its segment is the first one.
        var jfif = photograph.Bytes.AsSpan(0, 20).ToArray();
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0], jfif[..4]);
        Assert.Equal(jfif, one[..20]);
        Assert.Equal([0xFF, 0xFE], one[20..22]);
        Assert.Equal(ReferenceJpeg.Decode(one).Pixels, ReferenceJpeg.Decode(photograph.Bytes).Pixels);
        Assert.Equal(photograph.Decoded.Pixels, ReferenceJpeg.Decode(other).Pixels);
    }

    [Fact]
    public void Tensors_are_parts_of_photographs_and_no_two_are_alike()
    {
        var requests = Drawn.Requests(SentForm.Tensor, photographs: 2, items: 1, distinct: 20);
        var pixels = requests.Select(r => r.Values[ImageRequest.PixelsVariable].GetValue<float[]>()).ToArray();
        Assert.All(pixels, p => Assert.Equal(3 * 64 * 64, p.Length));
        Assert.Equal(20, pixels.Select(p => string.Join(' ', p.Take(300))).Distinct().Count());
        Assert.False(requests[0].Values.ContainsKey(ImageRequest.FileVariable));
    }

    [Fact]
    public void More_tensors_than_the_photographs_give_are_refused()
    {
        var failure = Assert.Throws<RunFailedException>(() => Drawn.Requests(SentForm.Tensor, 1, 1, 200_000));
        Assert.Contains("Lower `distinct`", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_gives_what_protocols_ask_for()
    {
        var values = Drawn.Requests(SentForm.File, photographs: 2, items: 2, distinct: 1)[0].Values;
        Assert.Equal(["images", "logits"], values.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("false", values["logits"].ToJsonString());
        Assert.Equal(2, values["images"].AsArray().Count);
        Assert.Equal(0xFF, Convert.FromBase64String(values["images"][0]!.ToJsonString().Trim('"'))[0]);
        values = Drawn.Requests(SentForm.Tensor, photographs: 2, items: 2, distinct: 1)[0].Values;
        Assert.Equal("[2,3,64,64]", values["shape"].ToJsonString());
        Assert.Equal(2 * 3 * 64 * 64, values["pixels"].GetValue<float[]>().Length);
        Assert.Equal($"{2 * 3 * 64 * 64 * 4}", values["pixel-bytes"].ToJsonString());
    }
}
