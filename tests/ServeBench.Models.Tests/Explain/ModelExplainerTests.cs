using ServeBench.Models.Explain;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Explain;

[Lane("slow")]
public sealed class ModelExplainerTests(PreparedMiniLm model)
{
    [Fact]
    public void The_fusions_that_the_graph_is_laid_out_for_fire()
    {
        var explanation = ModelExplainer.Explain(model.Artifact.Folder);
        var fused = explanation.Fused.ToDictionary(f => f.Operator, f => f.Count);
        // On the CPU the runtime is quicker without it (docs/decisions/0118).
        Assert.DoesNotContain("com.microsoft.SkipLayerNormalization", fused.Keys);
        Assert.Equal(6, fused["com.microsoft.BiasGelu"]);
        Assert.Equal(6, fused["com.microsoft.FusedMatMul"]);
        Assert.Contains(new OperatorCount("Gelu", 6), explanation.Absorbed);
        Assert.Contains(new OperatorCount("LayerNormalization", 13), explanation.Executed);
        Assert.Equal(explanation.Exported.Sum(o => o.Count) - explanation.Absorbed.Sum(o => o.Count) + explanation.Fused.Sum(o => o.Count), explanation.Executed.Sum(o => o.Count));
    }

    [Fact]
    public void Parameters_and_work_are_those_of_the_published_sizes()
    {
        var explanation = ModelExplainer.Explain(model.Artifact.Folder);
        // Everything but the pooler: 22,713,216 - 147,840.
        Assert.Equal(22_565_376, explanation.Parameters);
        Assert.InRange(explanation.ConstantBytes, 4 * 22_565_376, (4 * 22_565_376) + 1000);
        // Per layer and token: four products of 384 x 384, two of 384 x 1536, and two with every token of the sequence; then the mean.
        double PerToken(int sequence) => (6 * 2.0 * ((4 * 384 * 384) + (2 * 384 * 1536) + (2 * sequence * 384))) + (2 * 384);
        Assert.All(explanation.Costs, c => Assert.Equal(PerToken(c.Sequence), c.FlopsPerToken, 1e-6));
    }
}
