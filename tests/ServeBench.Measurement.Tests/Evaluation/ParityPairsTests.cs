using ServeBench.Domain.Parity;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Results;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Evaluation;

[Lane("slow")]
public sealed class ParityPairsTests : IDisposable
{
    private const string First = SyntheticRun.Batched;
    private const string Second = SyntheticRun.Unbatched;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Every_pair_of_stacks_is_compared_over_all_their_deployments()
    {
        // The second stack is off by 0.25 in one component of one deployment, and by nothing else.
        var pairs = Pairs(d => d is { Contender: Second, Trial: 2 } ? [0.6f, 0.55f] : [0.6f, 0.8f]);
        Assert.Equal([(First, First), (First, Second), (Second, Second)], pairs.Select(p => (p.First, p.Second)));
        // Six deployments of the first, of which three are its twin's; three of the second.
        Assert.Equal([15, 18, 3], pairs.Select(p => p.Compared));
        Assert.Equal([0, 0.25, 0.25], pairs.Select(p => Math.Round(p.MaximumDifference, 6)));
        Assert.Equal(1, pairs[0].LeastCosine, 6);
        Assert.Equal(((0.6 * 0.6) + (0.55 * 0.8)) / Math.Sqrt((0.6 * 0.6) + (0.55 * 0.55)), pairs[1].LeastCosine, 6);
    }

    [Fact]
    public void A_stack_whose_answers_fail_is_compared_all_the_same()
    {
        var pairs = Pairs(d => d.Contender == Second ? [-0.6f, -0.8f] : [0.6f, 0.8f], passed: d => d.Contender != Second);
        Assert.Equal((1.6, -1), (Math.Round(pairs[1].MaximumDifference, 6), Math.Round(pairs[1].LeastCosine, 6)));
    }

    [Fact]
    public void What_was_not_answered_is_not_compared()
    {
        var pairs = Pairs(d => d.Contender == Second ? null : [0.6f, 0.8f]);
        Assert.Equal([(First, First)], pairs.Select(p => (p.First, p.Second)));
    }

    [Fact]
    public void Records_without_answers_have_no_pairs() =>
        Assert.Empty(Evaluate(new SyntheticRun { ChangeDeployment = d => d with { Parity = d.Parity! with { Answers = null } } }).ParityPairs!);

    [Fact]
    public void The_answers_themselves_are_not_repeated_in_the_results() =>
        Assert.All(Evaluate(new SyntheticRun()).Contenders.SelectMany(c => c.Deployments), d => Assert.Null(d.Parity!.Answers));

    private IReadOnlyList<ParityPair> Pairs(Func<DeploymentRecord, float[]?> answer, Func<DeploymentRecord, bool>? passed = null) => Evaluate(new SyntheticRun
    {
        ChangeDeployment = d => d with
        {
            Parity = d.Parity! with { Passed = passed?.Invoke(d) ?? true, Answers = [answer(d) is { } a ? VectorText.Of(a) : null] },
        },
    }).ParityPairs!;

    private RunResults Evaluate(SyntheticRun run) => RunEvaluator.Evaluate(run.Write(_temporary.Path));
}
