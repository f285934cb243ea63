namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>One input of a request, as its description says; its numbers or texts are still in the body.</summary>
/// <param name="Name">One of <see cref="Tensors"/>.</param>
/// <param name="DataType">One of <see cref="Tensors"/>.</param>
/// <param name="Rows">The first dimension.</param>
/// <param name="Columns">The second dimension; 1 where there is none.</param>
/// <param name="JsonAt">Where in the body the value of <c>data</c> begins; -1 where the data is binary.</param>
/// <param name="JsonBytes">How long that value is.</param>
/// <param name="BinaryBytes">How much binary data there is.</param>
internal readonly record struct InputTensor(string Name, string DataType, int Rows, int Columns, int JsonAt, int JsonBytes, int BinaryBytes)
{
    public long Elements => (long)Rows * Columns;

    /// <summary>
    /// The most numbers that the data can hold, known from its length alone: in JSON each has a digit at least, and there is a comma
    /// between two.
    /// </summary>
    public long MaximumNumbers => JsonAt >= 0 ? (JsonBytes + 1L) / 2 : BinaryBytes / NumberBytes;

    /// <summary>Bytes of one number of binary data.</summary>
    public int NumberBytes => DataType == Tensors.Int64 ? sizeof(long) : sizeof(int);
}
