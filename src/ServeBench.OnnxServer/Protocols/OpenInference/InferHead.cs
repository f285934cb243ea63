namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>The JSON object of an answer, in pieces: between two of them the numbers of an output belong that is not binary.</summary>
internal static class InferHead
{
    /// <summary>Header of requests and responses that says where the JSON ends and binary data begins.</summary>
    public const string LengthHeader = "Inference-Header-Content-Length";

    /// <param name="model">What the client calls the model.</param>
    /// <param name="asked">The request.</param>
    /// <param name="outputs">What is answered, in its order.</param>
    /// <returns>One piece more than there are outputs with numbers in the JSON.</returns>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Render(string model, InferHeader asked, IReadOnlyList<OutputTensor> outputs)
    {
        var breaks = new List<int>();
        var whole = JsonResponse.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_name", model);
            json.WriteString("model_version", Tensors.Version);
            if (asked.Id is { } id) json.WriteString("id", id);
            json.WriteStartArray("outputs");
            foreach (var output in outputs)
            {
                json.WriteStartObject();
                json.WriteString("name", output.Name);
                json.WriteString("datatype", output.DataType);
                json.WriteStartArray("shape");
                foreach (var size in output.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                if (asked.IsBinary(output.Name))
                {
                    json.WriteStartObject("parameters");
                    json.WriteNumber("binary_data_size", output.Bytes);
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteStartArray("data");
                    breaks.Add((int)json.BytesCommitted + json.BytesPending);
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
        var pieces = new ReadOnlyMemory<byte>[breaks.Count + 1];
        var begin = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            var end = i < breaks.Count ? breaks[i] : whole.Length;
            pieces[i] = whole[begin..end];
            begin = end;
        }
        return pieces;
    }
}
