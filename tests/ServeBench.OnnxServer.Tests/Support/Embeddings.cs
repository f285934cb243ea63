using System.Text.Json;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>Reads embeddings out of answers, and compares them.</summary>
internal static class Embeddings
{
    /// <summary>The same text in another batch may differ by rounding in the last digits.</summary>
    private const float Tolerance = 1e-5f;

    public static float[] Of(JsonElement answer, int index) =>
        [.. answer.GetProperty("data")[index].GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle())];

    public static void AssertSame(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
