using ServeBench.Domain.Models;
using ServeBench.Runs.Deploying;

namespace ServeBench.Runs.Tests.Deploying;

public class ParityCheckTests
{
    private static readonly ParityLimits Limits = new(1e-3, 0.9999);
    private static readonly ReferenceAnswer Reference = new("a whale", [0.6f, 0.8f, 0f]);

    [Fact]
    public void The_same_answer_passes()
    {
        var parity = ParityCheck.Compare(Limits, [(Reference, [0.6f, 0.8f, 0f], "")]);
        Assert.True(parity.Passed);
        Assert.Equal((1, 0.0), (parity.Compared, parity.MaximumDifference));
        Assert.Equal(1, parity.LeastCosine!.Value, 6);
        Assert.Equal("", parity.Detail);
    }

    public static TheoryData<string, float[]?, string> Wrong => new()
    {
        { "another embedding", [0.8f, 0.6f, 0f], "largest difference 0.2" },
        { "not normalised", [6f, 8f, 0f], "largest difference 7.2" },
        { "too short", [0.6f, 0.8f], "2 components instead of 3" },
        { "not a number", [0.6f, float.NaN, 0f], "NaN" },
        { "no answer", null, "status 500" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_answer_fails_with_the_numbers(string what, float[]? answer, string detail)
    {
        var parity = ParityCheck.Compare(Limits, [(Reference, answer, "status 500")]);
        Assert.False(parity.Passed, what);
        Assert.Contains(detail, parity.Detail, StringComparison.Ordinal);
        Assert.Contains("a whale", parity.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void One_wrong_answer_among_many_fails() =>
        Assert.False(ParityCheck.Compare(Limits, [(Reference, [0.6f, 0.8f, 0f], ""), (Reference, [0.6f, 0.79f, 0f], "")]).Passed);

    [Fact]
    public void Nothing_compared_is_not_a_pass() => Assert.False(ParityCheck.Compare(Limits, []).Passed);
}
