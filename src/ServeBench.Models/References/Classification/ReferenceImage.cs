namespace ServeBench.Models.References.Classification;

/// <summary>A decoded image.</summary>
/// <param name="Width">In pixels, at least 1.</param>
/// <param name="Height">In pixels, at least 1.</param>
/// <param name="Pixels">R, G and B of each pixel, [height, width, 3].</param>
public sealed record ReferenceImage(int Width, int Height, byte[] Pixels);
