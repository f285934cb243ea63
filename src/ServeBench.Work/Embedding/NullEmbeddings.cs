using System.Globalization;

namespace ServeBench.Work.Embedding;

/// <summary>An answer of the OpenAI embeddings API that nobody computed.</summary>
internal static class NullEmbeddings
{
    /// <param name="dimensions">Components of each vector, which is a unit vector.</param>
    /// <param name="items">How many vectors.</param>
    public static string Body(int dimensions, int items)
    {
        var component = (1 / Math.Sqrt(dimensions)).ToString("0.00000000", CultureInfo.InvariantCulture);
        var vector = string.Join(',', Enumerable.Repeat(component, dimensions));
        var each = Enumerable.Range(0, items).Select(i => $$"""{"object":"embedding","index":{{i}},"embedding":[{{vector}}]}""");
        var data = string.Join(',', each);
        return $$$"""{"object":"list","data":[{{{data}}}],"model":"null","usage":{"prompt_tokens":1,"total_tokens":1}}""";
    }
}
