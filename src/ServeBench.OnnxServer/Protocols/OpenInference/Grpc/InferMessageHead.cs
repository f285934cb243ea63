using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Protocols.OpenInference.Grpc;

/// <summary>The message ModelInferResponse in pieces, with the five bytes before it: behind each the bytes of one output belong.</summary>
internal static class InferMessageHead
{
    /// <param name="model">What the client calls the model.</param>
    /// <param name="asked">The request.</param>
    /// <param name="outputs">What is answered, in its order.</param>
    /// <returns>One piece for each output, and an empty one behind the last.</returns>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Render(string model, InferHeader asked, IReadOnlyList<OutputTensor> outputs)
    {
        var head = new ProtobufWriter();
        head.Text(1, model);
        head.Text(2, Tensors.Version);
        if (asked.Id is { } id) head.Text(3, id);
        foreach (var output in outputs)
        {
            head.Message(5, tensor =>
            {
                tensor.Text(1, output.Name);
                tensor.Text(2, output.DataType);
                tensor.Packed(3, output.Shape.Select(size => (long)size));
            });
        }
        var begins = outputs.Select(output =>
        {
            var begin = new ProtobufWriter();
            begin.BeginBytes(6, checked((int)output.Bytes));
            return begin.Written;
        }).ToArray();
        var length = head.Written.Length + outputs.Sum(o => o.Bytes) + begins.Sum(b => b.Length);
        var first = new byte[GrpcWire.PrefixLength + head.Written.Length + begins[0].Length];
        GrpcWire.WritePrefix(first, checked((int)length));
        head.Written.CopyTo(first.AsMemory(GrpcWire.PrefixLength));
        begins[0].CopyTo(first.AsMemory(GrpcWire.PrefixLength + head.Written.Length));
        return [first, .. begins.Skip(1), default(ReadOnlyMemory<byte>)];
    }
}
