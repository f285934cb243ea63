namespace ServeBench.Load.Tests;

/// <summary>Bodies for the null server that <see cref="Encoding.Protocols.Embeddings"/> can read.</summary>
internal static class NullAnswers
{
    public static string Vectors(int dimensions, int items = 1)
    {
        var vector = string.Join(',', Enumerable.Repeat("0.5", dimensions));
        var data = string.Join(',', Enumerable.Repeat($$"""{"embedding":[{{vector}}]}""", items));
        return $$$"""{"data":[{{{data}}}],"usage":{"prompt_tokens":1}}""";
    }
}
