using System.Buffers;
using Google.Protobuf;
using ServeBench.Models.Onnx.Format;

namespace ServeBench.Models.Onnx;

/// <summary>
/// Writes a model as an ONNX file. The message is streamed: its nodes are serialised by Google.Protobuf, its initialisers are
/// appended one after the other as further occurrences of the same repeated field, which protobuf defines as equivalent.
/// </summary>
public static class OnnxFile
{
    /// <summary>Protobuf messages, and so the readers of ONNX files, end at 2 GiB; weights beyond this go to a file of their own.</summary>
    public const long EmbeddedLimit = 2_000_000_000;

    /// <summary>External tensors begin at multiples of this, so that a runtime can map them into memory wherever it runs.</summary>
    private const int ExternalAlignment = 65536;

    /// <summary>True when the initialisers are too large to be embedded.</summary>
    public static bool NeedsExternalData(GraphBuilder graph, long limit = EmbeddedLimit) =>
        graph.Initialisers.Sum(i => i.Bytes + 256) > limit;

    /// <summary>Writes the graph.</summary>
    /// <param name="graphName">Stored in the file.</param>
    /// <param name="output">Receives the .onnx file.</param>
    /// <param name="external">Receives the larger initialisers when they are not to be embedded; else null.</param>
    /// <param name="externalName">The name of the file behind <paramref name="external"/>, relative to the .onnx file.</param>
    public static void Write(GraphBuilder graph, string graphName, Stream output, Stream? external = null, string externalName = "")
    {
        var model = graph.Finish(graphName);
        var tensors = Headers(graph, external is not null, externalName);
        var nodes = model.Graph.ToByteArray();
        model.Graph = null;

        long graphLength = nodes.Length;
        foreach (var (initialiser, header, embedded) in tensors) graphLength += FieldLength(TensorLength(initialiser, header, embedded));
        model.WriteTo(output);
        WriteTag(output, ModelProto.GraphFieldNumber);
        WriteLength(output, graphLength);
        output.Write(nodes);
        foreach (var (initialiser, header, embedded) in tensors)
        {
            WriteTag(output, GraphProto.InitializerFieldNumber);
            WriteLength(output, TensorLength(initialiser, header, embedded));
            output.Write(header);
            if (!embedded) continue;
            WriteTag(output, TensorProto.RawDataFieldNumber);
            WriteLength(output, initialiser.Bytes);
            WriteData(initialiser, output);
        }
        if (external is not null) WriteExternal(tensors, external);
    }

    /// <summary>Each initialiser as a TensorProto without its data, and whether the data is embedded.</summary>
    private static List<(Initialiser Initialiser, byte[] Header, bool Embedded)> Headers(
        GraphBuilder graph, bool external, string externalName)
    {
        var headers = new List<(Initialiser, byte[], bool)>();
        long at = 0;
        foreach (var initialiser in graph.Initialisers)
        {
            var tensor = new TensorProto { Name = initialiser.Name, DataType = (int)initialiser.Type };
            tensor.Dims.Add(initialiser.Shape);
            // Small constants stay in the graph: shape inference reads them there.
            var embedded = !external || initialiser.Bytes < 1024;
            if (!embedded)
            {
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = externalName });
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = at.ToString() });
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = initialiser.Bytes.ToString() });
                at += Aligned(initialiser.Bytes);
            }
            headers.Add((initialiser, tensor.ToByteArray(), embedded));
        }
        return headers;
    }

    private static void WriteExternal(List<(Initialiser Initialiser, byte[] Header, bool Embedded)> tensors, Stream external)
    {
        var padding = new byte[ExternalAlignment];
        foreach (var (initialiser, _, _) in tensors.Where(t => !t.Embedded))
        {
            WriteData(initialiser, external);
            external.Write(padding.AsSpan(0, (int)(Aligned(initialiser.Bytes) - initialiser.Bytes)));
        }
    }

    private static void WriteData(Initialiser initialiser, Stream output)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(checked((int)initialiser.Bytes));
        var bytes = initialiser.Produce(scratch.AsSpan(0, (int)initialiser.Bytes));
        if (bytes.Length != initialiser.Bytes)
            throw new InvalidOperationException($"{initialiser.Name} gave {bytes.Length} bytes where {initialiser.Bytes} were announced");
        output.Write(bytes);
        ArrayPool<byte>.Shared.Return(scratch);
    }

    private static long TensorLength(Initialiser initialiser, byte[] header, bool embedded) =>
        header.Length + (embedded ? FieldLength(initialiser.Bytes) : 0);

    /// <summary>Bytes of a length-delimited field whose number is below 16.</summary>
    private static long FieldLength(long content) => 1 + CodedOutputStream.ComputeUInt64Size((ulong)content) + content;

    private static long Aligned(long length) => (length + ExternalAlignment - 1) / ExternalAlignment * ExternalAlignment;

    private static void WriteTag(Stream output, int field) => output.WriteByte((byte)((field << 3) | 2));

    private static void WriteLength(Stream output, long length)
    {
        var rest = (ulong)length;
        while (rest >= 0x80)
        {
            output.WriteByte((byte)(rest | 0x80));
            rest >>= 7;
        }
        output.WriteByte((byte)rest);
    }
}
