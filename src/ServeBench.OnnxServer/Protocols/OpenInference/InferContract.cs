namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>What a request to a model may hold.</summary>
internal sealed record InferContract
{
    /// <summary>The names of inputs.</summary>
    public required string[] Inputs { get; init; }

    /// <summary>Those of them that are of type BYTES, and of no other.</summary>
    public required string[] BytesInputs { get; init; }

    /// <summary>The types of inputs.</summary>
    public required string[] Types { get; init; }

    /// <summary>The names of outputs.</summary>
    public required string[] Outputs { get; init; }

    /// <summary>The most dimensions of an input.</summary>
    public required int MostDimensions { get; init; }

    /// <summary>What is wrong with an input's name, type or place; null when nothing is.</summary>
    /// <param name="name">One of <see cref="Inputs"/>.</param>
    /// <param name="type">One of <see cref="Types"/>.</param>
    public ApiError? Check(string name, string type) => BytesInputs.Contains(name) == (type == Tensors.Bytes)
        ? null
        : ApiError.Invalid($"the input '{name}' cannot be of type {type}", "inputs");

    /// <summary>What is said of a name or a type that is not among the known ones.</summary>
    public static ApiError Unknown(string what, IEnumerable<string> known) =>
        ApiError.Invalid($"{what} must be one of {string.Join(", ", known)}", "inputs");
}
