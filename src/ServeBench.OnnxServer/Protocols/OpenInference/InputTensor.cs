namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>One input of a request, as its description says; its numbers or texts are still in the body.</summary>
/// <param name="Name">One of the contract's.</param>
/// <param name="DataType">One of <see cref="Tensors"/>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Form">How its data is written.</param>
/// <param name="At">Where in the body its data begins.</param>
/// <param name="Length">How many bytes of the body are its data.</param>
internal readonly record struct InputTensor(string Name, string DataType, TensorShape Shape, TensorForm Form, int At, int Length)
{
    public int Rows => Shape.Rows;

    public int Columns => Shape.Columns;

    public long Elements => Shape.Elements;

    /// <summary>
    /// The most numbers that the data can hold, known from its length alone: in JSON each has a digit at least, and there is a comma
    /// between two; a variable-length number has a byte at least.
    /// </summary>
    public long MaximumNumbers => Form switch
    {
        TensorForm.Json => (Length + 1L) / 2,
        TensorForm.Binary => Length / NumberBytes,
        _ => Length,
    };

    /// <summary>Bytes of one number of binary data.</summary>
    public int NumberBytes => DataType switch { Tensors.Int64 => sizeof(long), Tensors.Byte => sizeof(byte), _ => sizeof(int) };

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data(ReadOnlySpan<byte> body) => body.Slice(At, Length);
}

/// <summary>How the data of a tensor is written.</summary>
internal enum TensorForm
{
    /// <summary>A JSON array, nested or flat.</summary>
    Json,

    /// <summary>Numbers one after another, lowest byte first; each text its length in four bytes, and its bytes.</summary>
    Binary,

    /// <summary>A protobuf message InferTensorContents.</summary>
    Contents,
}
