using System.Runtime.InteropServices;
using Google.Protobuf;
using ServeBench.Domain.Faults;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Onnx;

/// <summary>
/// Reads a checkpoint's tensors back out of an ONNX file that PyTorch exported. Biases, tables and norms keep their names there;
/// the weight of a linear layer does not, and is stored transposed: it is the matrix of the product that the layer's bias,
/// which kept its name, is added to.
/// </summary>
internal sealed class OnnxCheckpoint
{
    private const string Remedy = "Correct the package section of model.yaml; no other network can be served under this name";

    private readonly string _origin;
    private readonly Dictionary<string, TensorProto> _initialisers = new(StringComparer.Ordinal);

    /// <summary>The initialiser of a linear layer's matrix, by the layer's name.</summary>
    private readonly Dictionary<string, string> _matrices = new(StringComparer.Ordinal);

    /// <param name="onnx">The file.</param>
    /// <param name="origin">Where it is from, for messages.</param>
    /// <exception cref="RunFailedException">when it is no ONNX file.</exception>
    public OnnxCheckpoint(ReadOnlySpan<byte> onnx, string origin)
    {
        _origin = origin;
        GraphProto graph;
        try
        {
            graph = ModelProto.Parser.ParseFrom(onnx).Graph ?? new GraphProto();
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RunFailedException($"{origin} is not an ONNX file: {e.Message}", Remedy, e);
        }
        foreach (var tensor in graph.Initializer) _initialisers[tensor.Name] = tensor;
        var products = graph.Node
            .Where(n => n.OpType == "MatMul" && n.Input.Count == 2 && _initialisers.ContainsKey(n.Input[1]))
            .ToDictionary(n => n.Output[0], n => n.Input[1]);
        foreach (var sum in graph.Node.Where(n => n.OpType == "Add" && n.Input.Count == 2))
        {
            var bias = sum.Input.FirstOrDefault(i => i.EndsWith(".bias", StringComparison.Ordinal) && _initialisers.ContainsKey(i));
            var product = sum.Input.FirstOrDefault(products.ContainsKey);
            if (bias is not null && product is not null) _matrices[bias[..^".bias".Length]] = products[product];
        }
    }

    /// <summary>Writes the checkpoint, laid out as the safetensors library does it: by size of element, then by name.</summary>
    /// <param name="output">Receives the safetensors file.</param>
    /// <param name="tensors">What a checkpoint of the architecture has. What it does not use may be missing in the ONNX file.</param>
    /// <exception cref="RunFailedException">naming every tensor that is missing or other than due, and every weight that belongs
    /// to none.</exception>
    public void Write(Stream output, IReadOnlyList<TensorSpec> tensors)
    {
        var found = Check(tensors);
        (TensorSpec Spec, Source Source)[] ordered =
            [.. found.OrderByDescending(f => f.Spec.Type.Size()).ThenBy(f => f.Spec.Name, StringComparer.Ordinal)];
        var at = -1;
        byte[] bytes = [];
        SafetensorsWriter.Write(output, [.. ordered.Select(o => (o.Spec.Name, o.Spec.Type, o.Spec.Shape))], (tensor, offset, part) =>
        {
            if (tensor != at) (at, bytes) = (tensor, Bytes(ordered[tensor].Source));
            bytes.AsSpan((int)offset, part.Length).CopyTo(part);
        }, SafetensorsWriter.LibraryAlignment);
    }

    private List<(TensorSpec Spec, Source Source)> Check(IReadOnlyList<TensorSpec> tensors)
    {
        var found = new List<(TensorSpec Spec, Source Source)>();
        var wrong = new List<string>();
        foreach (var spec in tensors)
        {
            if (Find(spec.Name) is not { } source)
            {
                if (spec.Used) wrong.Add($"{spec.Name} is missing");
                continue;
            }
            var shape = source.IsTransposed ? source.Tensor.Dims.Reverse() : source.Tensor.Dims;
            var due = spec.Type == TensorType.I64 ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float;
            if (source.Tensor.DataType != (int)due || !shape.SequenceEqual(spec.Shape))
                wrong.Add(
                    $"{spec.Name} is [{string.Join(", ", shape)}] of type {source.Tensor.DataType} where "
                        + $"[{string.Join(", ", spec.Shape)}] of type {(int)due} is due");
            else if (source.Tensor.RawData.Length != spec.Elements * spec.Type.Size())
                wrong.Add(
                    $"{spec.Name} holds {source.Tensor.RawData.Length} bytes in the file itself where "
                        + $"{spec.Elements * spec.Type.Size()} are due");
            else found.Add((spec, source));
        }
        var taken = found.Select(f => f.Source.Tensor.Name).ToHashSet(StringComparer.Ordinal);
        wrong.AddRange(_initialisers.Values
            .Where(
                t => t.DataType == (int)TensorProto.Types.DataType.Float && t.Dims.Count > 0 && !taken.Contains(t.Name) && wrong.Count == 0)
            .Select(t => $"it has the weight {t.Name} [{string.Join(", ", t.Dims)}], which the network does not have"));
        if (wrong.Count == 0) return found;
        throw new RunFailedException(
            $"{_origin} is not the network that the model card describes: "
                + $"{string.Join("; ", wrong.Take(5))}{(wrong.Count > 5 ? $"; and {wrong.Count - 5} more" : "")}",
            Remedy);
    }

    private Source? Find(string name)
    {
        if (_initialisers.TryGetValue(name, out var kept)) return new Source(kept, IsTransposed: false);
        return name.EndsWith(".weight", StringComparison.Ordinal) && _matrices.TryGetValue(name[..^".weight".Length], out var matrix)
            ? new Source(_initialisers[matrix], IsTransposed: true)
            : null;
    }

    /// <summary>The tensor as the checkpoint has it; ONNX's bytes are little-endian, as safetensors' are.</summary>
    private static byte[] Bytes(Source source)
    {
        if (!source.IsTransposed) return source.Tensor.RawData.ToByteArray();
        var (rows, columns) = ((int)source.Tensor.Dims[0], (int)source.Tensor.Dims[1]);
        var from = MemoryMarshal.Cast<byte, int>(source.Tensor.RawData.Span);
        var bytes = new byte[source.Tensor.RawData.Length];
        var to = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) to[(column * rows) + row] = from[(row * columns) + column];
        }
        return bytes;
    }

    private sealed record Source(TensorProto Tensor, bool IsTransposed);
}
