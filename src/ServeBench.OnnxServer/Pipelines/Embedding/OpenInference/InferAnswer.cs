using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>The answer of an inference request: a JSON object with the embeddings in it, or with their bytes behind it.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Head">The JSON up to the first number, or all of it where bytes follow.</param>
/// <param name="IsBinary">True when bytes follow.</param>
internal readonly record struct InferAnswer(EmbeddingModel Model, ReadOnlyMemory<byte> Head, bool IsBinary) : IAnswer<EmbeddingRequest>
{
    /// <summary>Header of requests and responses that says where the JSON ends and binary data begins.</summary>
    public const string LengthHeader = "Inference-Header-Content-Length";

    private static ReadOnlySpan<byte> End => "]}]}"u8;

    ServedModel IAnswer<EmbeddingRequest>.Model => Model;

    public string ContentType => IsBinary ? "application/octet-stream" : "application/json";

    public int HeadRoom => Head.Length;

    public int ItemRoom => IsBinary ? Model.Dimensions * sizeof(float) : 1 + NumberWriter.RoomForArray(Model.Dimensions);

    public int TailRoom => End.Length;

    public static InferAnswer Of(EmbeddingModel model, InferHeader asked, int texts)
    {
        var head = JsonResponse.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_name", model.Name);
            json.WriteString("model_version", Tensors.Version);
            if (asked.Id is { } id) json.WriteString("id", id);
            json.WriteStartArray("outputs");
            json.WriteStartObject();
            json.WriteString("name", EmbeddingTensors.Embedding);
            json.WriteString("datatype", Tensors.Single);
            json.WriteStartArray("shape");
            json.WriteNumberValue(texts);
            json.WriteNumberValue(model.Dimensions);
            json.WriteEndArray();
            if (asked.IsBinary)
            {
                json.WriteStartObject("parameters");
                json.WriteNumber("binary_data_size", (long)texts * model.Dimensions * sizeof(float));
                json.WriteEndObject();
            }
            else
            {
                json.WriteStartArray("data");
                json.WriteEndArray();
            }
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return new InferAnswer(model, asked.IsBinary ? head : head[..^End.Length], asked.IsBinary);
    }

    public void SetHeaders(IHeaderDictionary headers)
    {
        if (IsBinary) headers[LengthHeader] = $"{Head.Length}";
    }

    public bool TryQueue(EmbeddingRequest request) => request.TryQueue(Model.Queue, Model.Dimensions);

    public int WriteHead(EmbeddingRequest request, Span<byte> into) => NumberWriter.Write(Head.Span, into);

    public int WriteItem(EmbeddingRequest request, int index, Span<byte> into)
    {
        var embedding = request.Embedding(index);
        if (IsBinary) return NumberWriter.Write(NumberWriter.AsLittleEndian(embedding), into);
        var at = index == 0 ? 0 : NumberWriter.Write(","u8, into);
        return at + NumberWriter.WriteList(embedding, into[at..]);
    }

    public int WriteTail(EmbeddingRequest request, Span<byte> into) => IsBinary ? 0 : NumberWriter.Write(End, into);
}
