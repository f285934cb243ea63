namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>One output of an answer, as its description says.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">One of <see cref="Tensors"/>.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="ElementBytes">Bytes of one number.</param>
internal sealed record OutputTensor(string Name, string DataType, IReadOnlyList<int> Shape, int ElementBytes)
{
    /// <summary>Bytes of all numbers.</summary>
    public long Bytes => Shape.Aggregate((long)ElementBytes, (bytes, size) => bytes * size);
}
