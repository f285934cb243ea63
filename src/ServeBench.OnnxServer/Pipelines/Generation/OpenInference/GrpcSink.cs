using System.Buffers.Binary;
using System.Text;
using ServeBench.OnnxServer.Pipelines.Generation.Answering;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenInference;

/// <summary>Sends each token as a message ModelStreamInferResponse; one without any text is left out unless it is the last.</summary>
internal sealed class GrpcSink(HttpContext context, GrpcAsked asked) : ITokenSink
{
    /// <summary>Fields of ModelStreamInferResponse.</summary>
    public const int ErrorMessage = 1;

    private const int InferResponse = 2;
    private const string IsFinal = "triton_final_response";

    public void Add(GenerationRequest request, int item, in TokenPiece piece)
    {
        var isLast = piece.Finish != FinishReason.None;
        if (piece.Text.IsEmpty && !isLast) return;
        var answer = new ProtobufWriter();
        Write(answer, asked, piece.Text, isLast);
        var message = new ProtobufWriter();
        message.Bytes(InferResponse, answer.Written.Span);
        GrpcMessages.Write(context.Response.BodyWriter, message.Written.Span);
    }

    public async ValueTask FlushAsync() => await context.Response.BodyWriter.FlushAsync(context.RequestAborted);

    /// <summary>A ModelInferResponse with one text.</summary>
    public static void Write(ProtobufWriter message, GrpcAsked asked, ReadOnlySpan<char> text, bool isLast)
    {
        // An element of BYTES is its length, lowest byte first, and its bytes.
        var element = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32LittleEndian(element, element.Length - sizeof(int));
        Encoding.UTF8.GetBytes(text, element.AsSpan(sizeof(int)));
        message.Text(1, asked.Model.Name);
        message.Text(2, Tensors.Version);
        if (asked.Id is { } id) message.Text(3, id);
        message.Message(4, entry =>
        {
            entry.Text(1, IsFinal);
            entry.Message(2, parameter => parameter.Flag(1, isLast));
        });
        message.Message(5, tensor =>
        {
            tensor.Text(1, GenerationModel.Output.Name);
            tensor.Text(2, Tensors.Bytes);
            tensor.Packed(3, [1L]);
        });
        message.Bytes(6, element);
    }
}
