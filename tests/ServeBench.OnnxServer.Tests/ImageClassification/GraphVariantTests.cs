using System.Text.Json;
using ServeBench.OnnxServer.Tests.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.ImageClassification;

/// <summary>Graphs that prepare images themselves, end with a softmax, or choose the best classes: the answers are the same.</summary>
[Lane("slow")]
public sealed class GraphVariantTests
{
    [Theory]
    [InlineData(false, true, 0)]
    [InlineData(false, true, 7)]
    [InlineData(true, false, 0)]
    [InlineData(true, true, 0)]
    [InlineData(true, true, 7)]
    [Lane("slow")]
    public async Task The_best_classes_and_their_probabilities_are_the_same(bool preparesInGraph, bool givesProbabilities, int top)
    {
        using var plain = new SmallClassifier();
        using var variant = new SmallClassifier(preparesInGraph, givesProbabilities, top);
        await using var server = await RunningServer.StartAsync(variant.Folder);
        foreach (var name in new[] { "420.jpg", "rgb.png", "tall.jpg" })
        {
            var (status, body) = await server.PostAsync("/v1/classify", $$"""{"image":"{{Convert.ToBase64String(RecordedImages.Read(name))}}"}""");
            Assert.Equal(200, status);
            var prediction = body.GetProperty("predictions")[0];
            var logits = plain.Run(name);
            var sum = logits.Sum(l => Math.Exp(l));
            var given = prediction.GetProperty("classes").EnumerateArray().Select(c => c.GetInt32()).ToArray();
            Assert.Equal(5, given.Length);
            // Scaling in the graph rounds nothing to whole numbers, so that near ones may change places.
            Assert.All(given.Zip(prediction.GetProperty("scores").EnumerateArray()), pair => Assert.Equal(Math.Exp(logits[pair.First]) / sum, pair.Second.GetDouble(), preparesInGraph ? 5e-3 : 1e-5));
            if (!preparesInGraph) Assert.Equal(logits.Select((l, c) => (l, c)).OrderByDescending(l => l.l).Take(5).Select(l => l.c), given);
        }
    }

    [Fact]
    [Lane("slow")]
    public async Task Best_scores_and_classes_are_two_tensors()
    {
        using var variant = new SmallClassifier(preparesInGraph: false, givesProbabilities: true, top: 3);
        await using var server = await RunningServer.StartAsync(variant.Folder);
        var pixels = SmallClassifier.Pixels("420.jpg");
        var request = $$"""{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,3,48,48],"data":{{JsonSerializer.Serialize(pixels)}}}]""";
        var (status, body) = await server.PostAsync($"/v2/models/{SmallClassifier.Name}/infer", request + "}");
        Assert.Equal(200, status);
        Assert.Equal(["scores FP32 [1,3] 3", "classes INT64 [1,3] 3"], body.GetProperty("outputs").EnumerateArray().Select(Described));
        using var plain = new SmallClassifier();
        var due = plain.Run(pixels).Select((l, c) => (l, c)).OrderByDescending(l => l.l).Take(3).Select(l => l.c);
        Assert.Equal(due, body.GetProperty("outputs")[1].GetProperty("data").EnumerateArray().Select(c => c.GetInt32()));
        (status, body) = await server.PostAsync($"/v2/models/{SmallClassifier.Name}/infer", request + ",\"outputs\":[{\"name\":\"classes\"}]}");
        Assert.Equal(200, status);
        Assert.Equal(["classes INT64 [1,3] 3"], body.GetProperty("outputs").EnumerateArray().Select(Described));
    }

    [Fact]
    public async Task A_graph_that_prepares_takes_decoded_images_of_any_size()
    {
        using var variant = new SmallClassifier(preparesInGraph: true, givesProbabilities: false, top: 0);
        await using var server = await RunningServer.StartAsync(variant.Folder);
        var image = RecordedImages.Read("420.jpg.rgb");
        var (status, body) = await server.PostAsync(
            $"/v2/models/{SmallClassifier.Name}/infer", $$"""{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,37,53,3],"data":[{{string.Join(',', image)}}]}]}""");
        Assert.Equal(200, status);
        var given = body.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        (_, body) = await server.PostAsync("/v1/classify", $$"""{"image":"{{Convert.ToBase64String(RecordedImages.Read("420.jpg"))}}","logits":true}""");
        Assert.Equal(given, body.GetProperty("predictions")[0].GetProperty("logits").EnumerateArray().Select(v => v.GetSingle()));
    }

    private static string Described(JsonElement output) =>
        $"{output.GetProperty("name").GetString()} {output.GetProperty("datatype").GetString()} {output.GetProperty("shape").GetRawText()} {output.GetProperty("data").GetArrayLength()}";
}
