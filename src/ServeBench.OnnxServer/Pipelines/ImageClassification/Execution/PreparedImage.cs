using System.Buffers;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>One image of a request as it waits, in memory of the shared pools.</summary>
/// <param name="Form">What the memory holds.</param>
/// <param name="Octets">Bytes, where it holds bytes.</param>
/// <param name="Singles">Singles, where it holds singles.</param>
/// <param name="Width">Of an image that is whole.</param>
/// <param name="Height">Of an image that is whole.</param>
internal readonly record struct PreparedImage(ImageForm Form, byte[]? Octets, float[]? Singles, int Width = 0, int Height = 0)
{
    /// <summary>Gives the memory back.</summary>
    public void Return()
    {
        if (Octets is not null) ArrayPool<byte>.Shared.Return(Octets);
        if (Singles is not null) ArrayPool<float>.Shared.Return(Singles);
    }
}

/// <summary>What is known of an image while it waits.</summary>
internal enum ImageForm
{
    /// <summary>Red, green and blue from 0 to 255, each [size, size]; a quarter of what the model takes.</summary>
    Planes,

    /// <summary>What the model takes, [3, size, size].</summary>
    Pixels,

    /// <summary>All of the image, [height, width, 3], for a graph that prepares it.</summary>
    Whole,
}
