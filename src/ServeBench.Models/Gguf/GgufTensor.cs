namespace ServeBench.Models.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">As engines look for it.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Shape">Dimensions, outermost first; the file has them the other way round.</param>
/// <param name="Values">Gives the elements, row-major, when the file is written.</param>
internal sealed record GgufTensor(string Name, GgufType Type, IReadOnlyList<long> Shape, Func<float[]> Values)
{
    public long Elements => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    public long Bytes => Type.Bytes(Elements);
}
