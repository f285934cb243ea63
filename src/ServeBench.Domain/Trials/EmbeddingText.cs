using System.Runtime.InteropServices;

namespace ServeBench.Domain.Trials;

/// <summary>An embedding as records keep it: base64 of its components, float32 little-endian, as OpenAI's API has them.</summary>
public static class EmbeddingText
{
    public static string Of(ReadOnlySpan<float> embedding) => Convert.ToBase64String(MemoryMarshal.AsBytes(embedding));

    /// <exception cref="FormatException">when the text is not an embedding.</exception>
    public static float[] Read(string text)
    {
        var bytes = Convert.FromBase64String(text);
        if (bytes.Length % sizeof(float) != 0) throw new FormatException($"{bytes.Length} bytes are no whole number of components");
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
