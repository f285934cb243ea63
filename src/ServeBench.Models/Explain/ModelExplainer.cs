using ServeBench.Models.Inference;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Store;

namespace ServeBench.Models.Explain;

/// <summary>Explains a prepared model: its operators, its cost, and what the runtime fuses.</summary>
public static class ModelExplainer
{
    private static readonly int[] Sequences = [1, 32, 128, 512];

    /// <param name="modelFolder">A folder that <see cref="ModelStore"/> prepared.</param>
    /// <exception cref="Domain.Faults.RunFailedException">when it is not one, or the runtime cannot load it.</exception>
    public static ModelExplanation Explain(string modelFolder)
    {
        var manifest = ModelManifest.Read(modelFolder);
        var exported = Parse(Path.Combine(modelFolder, manifest.OnnxFile));
        var scratch = Directory.CreateTempSubdirectory("servebench-explain-");
        try
        {
            var file = Path.Combine(scratch.FullName, "optimised.onnx");
            // The highest level also picks layouts for this very processor, which says nothing about the model.
            var settings = new SessionSettings { Optimisation = GraphOptimisation.Extended, OptimisedModelFile = file };
            using (RuntimeSessions.Load(Path.Combine(modelFolder, manifest.OnnxFile), settings))
                return Compare(manifest, exported, Parse(file), RuntimeSessions.Described(settings));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static ModelExplanation Compare(ModelManifest manifest, GraphProto exported, GraphProto executed, string runtime)
    {
        var before = Count(exported);
        var after = Count(executed);
        var cost = new GraphCost(exported);
        return new ModelExplanation
        {
            Exported = Sorted(before),
            Executed = Sorted(after),
            Fused = Sorted(after.Where(a => !before.ContainsKey(a.Key))),
            Absorbed =
                Sorted(before.Select(b => KeyValuePair.Create(b.Key, b.Value - after.GetValueOrDefault(b.Key))).Where(d => d.Value > 0)),
            Parameters = manifest.Parameters,
            ConstantBytes = exported.Initializer.Sum(t => (long)t.RawData.Length)
                + manifest.Files.Where(f => f.Name == ModelPreparation.ExternalFileName).Sum(f => f.Bytes),
            Costs = cost.HasSequence ? [.. Sequences.Select(s => new SequenceCost(s, cost.Flops(s) / s))] : [],
            FlopsPerItem = cost.HasSequence ? null : cost.Flops(1),
            Runtime = runtime,
        };
    }

    private static Dictionary<string, int> Count(GraphProto graph) =>
        graph.Node.GroupBy(n => n.Domain.Length == 0 ? n.OpType : $"{n.Domain}.{n.OpType}").ToDictionary(g => g.Key, g => g.Count());

    private static OperatorCount[] Sorted(IEnumerable<KeyValuePair<string, int>> counts) =>
        [.. counts
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => new OperatorCount(c.Key, c.Value))];

    private static GraphProto Parse(string file)
    {
        using var stream = File.OpenRead(file);
        return ModelProto.Parser.ParseFrom(stream).Graph;
    }
}
