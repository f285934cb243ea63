using System.Buffers;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>
/// Reads inference requests: either <c>input_ids</c> [n, s] with an <c>attention_mask</c> of the same shape, or <c>text</c> [n].
/// Every row becomes a text of its own, and shares executions with others of its length wherever they come from.
/// </summary>
internal sealed class InferRequestReader(ServerOptions options, TimeProvider time)
    : InferReader<EmbeddingModel, EmbeddingRequest>(time)
{
    public override InferContract ContractOf(EmbeddingModel model) => EmbeddingTensors.Contract;

    /// <inheritdoc cref="InferReader{TModel, TRequest}.ReadBody"/>
    /// <returns>How it is answered.</returns>
    public InferAnswer Read(EmbeddingModel model, ReadOnlySpan<byte> body, int headerLength, EmbeddingRequest into, out ApiError? error)
    {
        var header = ReadBody(model, body, headerLength, into, out error);
        return error is null ? InferAnswer.Of(model, header, into.Count) : new InferAnswer { Model = model };
    }

    protected override ApiError? ReadInputs(EmbeddingModel model, InferHeader header, ReadOnlySpan<byte> body, EmbeddingRequest into)
    {
        foreach (var input in header.Inputs)
        {
            if (CheckExtent(input, model) is { } error) return error;
        }
        var intake =
            new TextIntake(model, into, options.MaxItems, options.Truncate ? Truncation.Right : Truncation.None, EmbeddingTensors.Text);
        return header.Inputs switch
        {
            [{ Name: EmbeddingTensors.Text } text] => TensorData.ReadElements(text, body, new TextElements(intake)),
            [{ Name: EmbeddingTensors.Ids } ids] => ReadTokens(ids, null, body, intake),
            [{ Name: EmbeddingTensors.Ids } ids, { Name: EmbeddingTensors.Mask } mask] => ReadTokens(ids, mask, body, intake),
            [{ Name: EmbeddingTensors.Mask } mask, { Name: EmbeddingTensors.Ids } ids] => ReadTokens(ids, mask, body, intake),
            _ => ApiError.Invalid(
                $"inputs must be {EmbeddingTensors.Ids} and {EmbeddingTensors.Mask}, or {EmbeddingTensors.Text} alone", "inputs"),
        };
    }

    /// <summary>
    /// Holds a shape to the limits and to the data that there is, so that memory is only ever taken for numbers that may be
    /// there: a shape of a few bytes can speak of any number of them.
    /// </summary>
    private ApiError? CheckExtent(in InputTensor input, EmbeddingModel model)
    {
        if (input.Rows > options.MaxItems) return ApiError.TooMany(options.MaxItems, input.Name);
        if (input.Name == EmbeddingTensors.Text) return null;
        if (input.Columns > model.MaximumTokens)
            return new ApiError(
                ErrorKind.TooLong,
                $"the shape of '{input.Name}' has rows of {input.Columns} tokens, "
                    + $"and the model '{model.Name}' takes {model.MaximumTokens} at most; shorten them",
                input.Name);
        return input.Elements > input.MaximumNumbers ? TensorData.WrongCount(input) : null;
    }

    private static ApiError? ReadTokens(in InputTensor ids, InputTensor? mask, ReadOnlySpan<byte> body, in TextIntake intake)
    {
        if (mask is { } m && (m.Rows != ids.Rows || m.Columns != ids.Columns))
            return ApiError.Invalid($"{EmbeddingTensors.Ids} and {EmbeddingTensors.Mask} must have the same shape", EmbeddingTensors.Mask);
        var elements = checked((int)ids.Elements);
        var numbers = ArrayPool<long>.Shared.Rent(checked(elements * 2));
        try
        {
            var (tokens, masks) = (numbers.AsMemory(0, elements), numbers.AsMemory(elements, elements));
            if (TensorData.ReadNumbers(ids, body, tokens.Span) is { } wrongIds) return wrongIds;
            masks.Span.Fill(1);
            if (mask is { } given && TensorData.ReadNumbers(given, body, masks.Span) is { } wrongMask) return wrongMask;
            for (var row = 0; row < ids.Rows; row++)
            {
                var rowMask = masks.Span.Slice(row * ids.Columns, ids.Columns);
                var length = rowMask.IndexOfAnyExcept(1);
                if (length < 0) length = ids.Columns;
                if (rowMask[length..].ContainsAnyExcept(0))
                    return ApiError.Invalid($"every row of {EmbeddingTensors.Mask} must be ones followed by zeros", EmbeddingTensors.Mask);
                if (intake.AddTokens(tokens.Span.Slice(row * ids.Columns, length)) is { } error) return error;
            }
            return null;
        }
        finally
        {
            ArrayPool<long>.Shared.Return(numbers);
        }
    }
}
