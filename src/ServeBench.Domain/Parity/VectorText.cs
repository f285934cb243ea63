using System.Runtime.InteropServices;

namespace ServeBench.Domain.Parity;

/// <summary>A vector as records keep it: base64 of its components, float32 little-endian, as OpenAI's API has them.</summary>
public static class VectorText
{
    public static string Of(ReadOnlySpan<float> vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector));

    /// <exception cref="FormatException">when the text is no vector.</exception>
    public static float[] Read(string text)
    {
        var bytes = Convert.FromBase64String(text);
        if (bytes.Length % sizeof(float) != 0) throw new FormatException($"{bytes.Length} bytes are no whole number of components");
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
