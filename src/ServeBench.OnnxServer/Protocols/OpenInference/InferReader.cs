using System.Text.Json;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>Reads inference requests; a pipeline adds what its inputs are.</summary>
/// <typeparam name="TModel">The pipeline's models.</typeparam>
/// <typeparam name="TRequest">The pipeline's requests.</typeparam>
internal abstract class InferReader<TModel, TRequest>(TimeProvider time)
    where TModel : ServedModel
    where TRequest : ScheduledRequest
{
    /// <summary>Reads the JSON object of a request, and the binary data behind it.</summary>
    /// <param name="model">The model that the path names.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="headerLength">How much of the body is JSON; the rest is binary data.</param>
    /// <param name="into">Receives the items.</param>
    /// <param name="error">What is wrong with the request; null when it can be answered.</param>
    /// <returns>What the request says beside its data.</returns>
    public InferHeader ReadBody(TModel model, ReadOnlySpan<byte> body, int headerLength, TRequest into, out ApiError? error)
    {
        var header = new InferHeader();
        try
        {
            error = InferHeaderReader.Read(new Utf8JsonReader(body[..headerLength]), ContractOf(model), header)
                ?? header.PlaceBinary(headerLength, body.Length - headerLength)
                ?? ReadItems(model, header, body, into);
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
        }
        return header;
    }

    /// <summary>What requests to a model may hold.</summary>
    public abstract InferContract ContractOf(TModel model);

    /// <summary>Reads the data of the inputs, in whatever form it is in the body, and notes a deadline.</summary>
    public ApiError? ReadItems(TModel model, InferHeader header, ReadOnlySpan<byte> body, TRequest into)
    {
        if (ReadInputs(model, header, body, into) is { } error) return error;
        if (header.Timeout is { } limit)
            into.ExpiresAt = Math.Min(into.ExpiresAt, into.ReceivedAt + (long)(limit.TotalSeconds * time.TimestampFrequency));
        return null;
    }

    protected abstract ApiError? ReadInputs(TModel model, InferHeader header, ReadOnlySpan<byte> body, TRequest into);
}
