using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Safetensors;

namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// Copies of a prepared model with one thing wrong, the kinds of mistake that the parity gate exists for. Servers load them
/// without complaint.
/// </summary>
internal static class PlantedFaults
{
    /// <summary>One number of the last layer's bias is another: a damaged or half-converted checkpoint.</summary>
    public static void ChangeOneWeight(string folder)
    {
        using var weights = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        var bias = weights.Find("encoder.layer.5.output.LayerNorm.bias")!;
        var file = Path.Combine(folder, "model.onnx");
        var graph = File.ReadAllBytes(file);
        var at = graph.AsSpan().IndexOf(MemoryMarshal.AsBytes(weights.Elements<float>(bias)));
        Assert.True(at > 0, "the bias is not in the graph as it is in the checkpoint");
        BitConverter.TryWriteBytes(graph.AsSpan(at), BitConverter.ToSingle(graph, at) + 1f);
        File.WriteAllBytes(file, graph);
    }

    /// <summary>The first token's vector instead of the mean over all: what BERT's own classifier takes.</summary>
    public static void PoolTheFirstToken(string folder)
    {
        var file = Path.Combine(folder, "model.onnx");
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file));
        var nodes = model.Graph.Node;
        var hidden = nodes.Single(n => n.Name == "pooling.sum").Input[1];
        var mean = nodes.Single(n => n.Name == "pooling.mean");
        model.Graph.Initializer.Add(new TensorProto { Name = "first", DataType = (int)TensorProto.Types.DataType.Int64, RawData = ByteString.CopyFrom(new byte[sizeof(long)]) });
        var first = new NodeProto { Name = mean.Name, OpType = "Gather", Input = { hidden, "first" }, Output = { mean.Output } };
        first.Attribute.Add(new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int });
        nodes[nodes.IndexOf(mean)] = first;
        File.WriteAllBytes(file, model.ToByteArray());
    }

    /// <summary>Texts are cut after 16 tokens: a tokenizer with another maximum than the model's.</summary>
    public static void CutTextsShort(string folder)
    {
        var file = Path.Combine(folder, "model.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        manifest["tokenizer"]!["maximumTokens"] = 16;
        File.WriteAllText(file, manifest.ToJsonString());
    }
}
