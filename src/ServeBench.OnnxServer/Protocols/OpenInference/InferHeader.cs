namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>What an inference request says beside its data.</summary>
internal sealed class InferHeader
{
    /// <summary>What the client calls its request; null when it does not.</summary>
    public string? Id { get; set; }

    /// <summary>How long after its arrival the request may begin to be executed; null when the client does not say.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>True when the outputs are wanted as bytes, unless one says otherwise of itself.</summary>
    public bool WantsBinary { get; set; }

    public List<InputTensor> Inputs { get; } = [];

    /// <summary>The outputs that are wanted, each with what it says of itself; empty when all are.</summary>
    public List<(string Name, bool? IsBinary)> Outputs { get; } = [];

    /// <summary>Whether an output is wanted.</summary>
    public bool Wants(string output) => Outputs.Count == 0 || Outputs.Exists(o => o.Name == output);

    /// <summary>Whether an output is wanted as bytes.</summary>
    public bool IsBinary(string output) => Outputs.FindLast(o => o.Name == output).IsBinary ?? WantsBinary;

    /// <summary>Gives the data that stands behind the JSON object to the inputs, in their order.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    public ApiError? PlaceBinary(int at, int length)
    {
        var end = (long)at;
        for (var i = 0; i < Inputs.Count; i++)
        {
            if (Inputs[i].Form != TensorForm.Binary) continue;
            Inputs[i] = Inputs[i] with { At = (int)Math.Min(end, int.MaxValue) };
            end += Inputs[i].Length;
        }
        return end == (long)at + length
            ? null
            : ApiError.Invalid("The binary data behind the JSON object is not as long as the inputs say", "inputs");
    }
}
