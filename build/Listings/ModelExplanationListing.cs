using ServeBench.Build.Terminal;
using ServeBench.Domain.Models;
using ServeBench.Models.Explain;

namespace ServeBench.Build.Listings;

/// <summary>Shows what an exported model consists of, what it costs, and what the runtime makes of it.</summary>
internal static class ModelExplanationListing
{
    public static void Show(ModelArtifact model, Screen screen)
    {
        var explanation = ModelExplainer.Explain(model.Folder);
        screen.Say("");
        screen.Heading($"{model.Model}, {model.Precision}");
        screen.Say(
            $"  {explanation.Parameters:N0} parameters, {explanation.ConstantBytes / 1e6:0.0} MB of constants; {explanation.Runtime}");
        screen.Say(explanation.FlopsPerItem is { } flops
            ? $"  Work per item in matrix products: {flops / 1e6:0.0} MFLOP"
            : "  Work per token in matrix products: "
                + $"{string.Join(", ", explanation.Costs.Select(c => $"{c.FlopsPerToken / 1e6:0.0} MFLOP at {c.Sequence}"))} tokens "
                + "a sequence");
        screen.Say($"  Exported: {Counted(explanation.Exported)}");
        screen.Say($"  Executed: {Counted(explanation.Executed)}");
        screen.Say($"  Fused into: {(explanation.Fused.Count == 0 ? "nothing" : Counted(explanation.Fused))}");
        screen.Say($"  Fused away or computed beforehand: {Counted(explanation.Absorbed)}");
    }

    private static string Counted(IEnumerable<OperatorCount> operators) =>
        string.Join(", ", operators.Select(o => $"{o.Count} {o.Operator}"));
}
