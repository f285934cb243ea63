namespace ServeBench.Build.Evidence;

/// <summary>What charts look like where there is much to show: drawn by the tests' synthetic runs.</summary>
internal sealed class ChartEvidence : IEvidence
{
    public IReadOnlyList<EvidenceProgram> Programs { get; } =
    [
        EvidenceProgram.Of("charts", "Every kind of chart for 2, 8 and 20 stacks, to look at: into artifacts/evidence/charts.", "1 min",
            new TestEvidence("ServeBench.Reports.Tests", "*.ChartPreview") { IsExplicit = true }),
    ];
}
