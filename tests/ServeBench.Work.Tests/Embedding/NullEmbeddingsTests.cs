using System.Text.Json;
using ServeBench.Work.Embedding;

namespace ServeBench.Work.Tests.Embedding;

public sealed class NullEmbeddingsTests
{
    [Fact]
    public void Has_a_unit_vector_for_each_item()
    {
        using var body = JsonDocument.Parse(NullEmbeddings.Body(dimensions: 384, items: 2));
        var data = body.RootElement.GetProperty("data");
        Assert.Equal(2, data.GetArrayLength());
        foreach (var item in data.EnumerateArray())
        {
            var vector = item.GetProperty("embedding").EnumerateArray().Select(x => x.GetDouble()).ToArray();
            Assert.Equal(384, vector.Length);
            Assert.Equal(1, vector.Sum(x => x * x), 4);
        }
    }
}
