using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class HolmTests
{
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    [Fact]
    public void Agrees_with_a_worked_example() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void One_comparison_is_not_corrected() => Assert.Equal([0.04], Holm.Adjust([0.04]));

    [Fact]
    public void Nothing_exceeds_one() => Assert.Equal([1, 1], Holm.Adjust([0.7, 0.9]));

    [Fact]
    public void An_empty_family_is_empty() => Assert.Empty(Holm.Adjust([]));
}
