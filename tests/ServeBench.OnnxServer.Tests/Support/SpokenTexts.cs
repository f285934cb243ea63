using System.Text.Json;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>Texts of known numbers of tokens, drawn with a seed, with the right answers where they are asked for.</summary>
internal static class SpokenTexts
{
    /// <summary>Each is one token of the vocabulary.</summary>
    private static readonly string[] Words = ["whale", "ship", "sea", "captain", "water", "night", "boat", "hand", "old", "great", "white", "long", "head", "man", "stood", "round"];

    /// <summary>The lengths of the workload mixed-length, in tokens, each as often as it is drawn in 21.</summary>
    public static IReadOnlyList<int> MixedLengths { get; } =
        [.. Enumerable.Repeat(16, 8), .. Enumerable.Repeat(32, 6), .. Enumerable.Repeat(64, 4), .. Enumerable.Repeat(128, 2), 256];

    /// <param name="tokens">Special tokens included.</param>
    public static string OfLength(int tokens, Random random) => string.Join(' ', Enumerable.Range(0, tokens - 2).Select(_ => Words[random.Next(Words.Length)]));

    /// <summary>Texts of mixed lengths.</summary>
    public static string[] Mixed(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => OfLength(MixedLengths[random.Next(MixedLengths.Count)], random))];
    }

    /// <summary>The body of an OpenAI request.</summary>
    public static byte[] Body(string text) => JsonSerializer.SerializeToUtf8Bytes(new { model = PreparedMiniLm.Name, input = text });
}
