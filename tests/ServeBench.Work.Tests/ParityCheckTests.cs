using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Domain.Parity;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Work.Embedding;

namespace ServeBench.Work.Tests;

public class ParityCheckTests
{
    private static readonly ParityLimits Limits = new(new Dictionary<string, double> { ["maximum-difference"] = 1e-3, ["least-cosine"] = 0.9999 });
    private static readonly Reference Whale = new("\"a whale\"", new TextRequest(["a whale"]), (float[])[0.6f, 0.8f, 0f]);

    private static ParityRecord Compare(params (Reference Reference, float[]? Answer, string Problem)[] pairs) =>
        ParityCheck.Compare(new EmbeddingWork(), Limits, [.. pairs.Select(p => (p.Reference, p.Answer is null ? null : new ServedAnswer(1, new Dictionary<string, IReadOnlyList<float[]>> { ["embedding"] = [p.Answer] }), p.Problem))]);

    [Fact]
    public void The_same_answer_passes()
    {
        var parity = Compare((Whale, [0.6f, 0.8f, 0f], ""));
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
        { "not a number", [0.6f, float.NaN, 0f], "no finite number" },
        { "too large a number", [0.6f, float.PositiveInfinity, 0f], "no finite number" },
        { "nothing but zeros", [0f, 0f, 0f], "cosine 0 " },
        { "no answer", null, "status 500" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_answer_fails_with_the_numbers(string what, float[]? answer, string detail)
    {
        var parity = Compare((Whale, answer, "status 500"));
        Assert.False(parity.Passed, what);
        Assert.Contains(detail, parity.Detail, StringComparison.Ordinal);
        Assert.Contains("a whale", parity.Detail, StringComparison.Ordinal);
        // Whatever a stack answers, its record can be written.
        Assert.Contains("a whale", JsonSerializer.Serialize(parity, DomainJson.Readable.ParityRecord), StringComparison.Ordinal);
    }

    [Fact]
    public void One_wrong_answer_among_many_fails() =>
        Assert.False(Compare((Whale, [0.6f, 0.8f, 0f], ""), (Whale, [0.6f, 0.79f, 0f], "")).Passed);

    [Fact]
    public void Answers_are_kept_for_comparing_stacks_with_each_other()
    {
        var parity = Compare((Whale, [0.6f, 0.8f, 0f], ""), (Whale, null, "status 500"), (Whale, [1f, float.NaN, 0f], ""));
        Assert.Equal(3, parity.Answers!.Count);
        Assert.Equal([0.6f, 0.8f, 0f], VectorText.Read(parity.Answers[0]!));
        Assert.Equal([null, null], parity.Answers.Skip(1));
    }

    [Fact]
    public void Nothing_compared_is_not_a_pass() => Assert.False(Compare().Passed);
}
