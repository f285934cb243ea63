using ServeBench.Domain.Models;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

public sealed class ClassificationMeasuresTests
{
    /// <summary>Mean 0, standard deviation 1: differences are in its units.</summary>
    private static readonly float[] Expected = [1, -1, MathF.Sqrt(2), -MathF.Sqrt(2), 0, 0];

    private static readonly ParityLimits Limits = new(
        new Dictionary<string, double> { ["largest-logit-difference"] = 0.1, ["largest-top-1-deficit"] = 0.1, ["least-top-1-agreement"] = 0.6 });

    [Fact]
    public void Logits_are_compared_less_what_is_added_to_all_of_them()
    {
        var same = Compare(("logits", [.. Expected.Select(v => v + 40)]));
        Assert.Equal([0, 0, 1], same.Values.Select(v => Math.Round(v, 5)));
        float[] other = [.. Expected];
        other[5] += 0.6f;
        Assert.Equal(0.5, Compare(("logits", other)).Values[0], 1e-5);
    }

    [Fact]
    public void A_best_class_that_is_another_one_costs_what_it_lacks()
    {
        float[] other = [1.5f, -1, MathF.Sqrt(2), -MathF.Sqrt(2), 0, 0];
        var values = Compare(("logits", other)).Values;
        Assert.Equal(MathF.Sqrt(2) - 1, values[1], 1e-5);
        Assert.Equal(0, values[2]);
    }

    [Fact]
    public void Probabilities_of_all_classes_are_as_good_as_logits()
    {
        var powers = Expected.Select(v => MathF.Exp(v)).ToArray();
        var values = Compare(("probabilities", [.. powers.Select(p => p / powers.Sum())])).Values;
        Assert.Equal([0, 0, 1], values.Select(v => Math.Round(v, 5)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.5, 0.693)] // half as probable is ln 2 less of a logit
    public void Of_the_best_classes_quotients_of_probabilities_are_compared(double factor, double difference)
    {
        float[] classes = [2, 0, 4, 5, 1];
        var powers = classes.Select(c => MathF.Exp(Expected[(int)c]) / 20).ToArray();
        powers[1] *= (float)factor;
        Assert.Equal([difference, 0, 1], Compare(("classes", classes), ("scores", powers)).Values.Select(v => Math.Round(v, 3)));
    }

    [Fact]
    public void Classes_alone_say_which_is_best()
    {
        Assert.Equal([0, 0, 1], Compare(("classes", [2, 0, 4, 5, 1])).Values);
        Assert.Equal(MathF.Sqrt(2) - 1, Compare(("classes", [0, 2, 4, 5, 1])).Values[1], 1e-5);
    }

    [Fact]
    public void What_is_no_answer_is_said()
    {
        Assert.Equal("the answer has neither scores of all classes nor the best classes", Compare().Unusable);
        Assert.Equal("scores of 2 classes instead of 6", Compare(("logits", [1, 2])).Unusable);
        Assert.Equal("a score is no finite number", Compare(("logits", [1, 2, 3, 4, 5, float.NaN])).Unusable);
        foreach (var wrong in new[] { -1f, 6f, 0.5f })
            Assert.Contains("is none of the 6 classes", Compare(("classes", [2, wrong, 0, 4, 5])).Unusable, StringComparison.Ordinal);
        Assert.Equal("the best classes 2, 0, 4, 2, 5 name one of them more than once", Compare(("classes", [2, 0, 4, 2, 5])).Unusable);
        Assert.Equal("4 best classes instead of 5", Compare(("classes", [2, 0, 4, 5])).Unusable);
        foreach (var scores in new float[][] { [0.5f, 0.2f, 0.1f, 0.1f, -0.5f], [0.5f] })
            Assert.Contains("that are probabilities are due", Compare(("classes", [2, 0, 4, 5, 1]), ("scores", scores)).Unusable, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_network_with_few_classes_all_are_due() =>
        Assert.Null(ClassificationMeasures.Compare([1, 0], Answer(("classes", [0, 1])), 0).Unusable);

    /// <summary>One of three best classes is another one, and nearly as good: each answer is within the limits.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Too_many_best_classes_that_are_others_fail_whatever_they_lack(int flipped, bool passes)
    {
        float[] even = [1, -1, 1.01f, -1.01f, 0, 0], turned = [1.01f, -1, 1, -1.01f, 0, 0];
        var reference = new Reference("an image", new ImageRequest([]), even);
        var pairs = Enumerable.Range(0, 3).Select(i => (reference, (ServedAnswer?)Answer(("logits", i < flipped ? turned : even)), ""));
        var parity = ParityCheck.Compare(new ClassificationWork(), Limits, [.. pairs]);
        Assert.Equal(passes, parity.Passed);
        Assert.Equal((3 - flipped) / 3.0, parity.Measures![2].Worst!.Value, 1e-9);
        Assert.Equal(passes, parity.Detail.Length == 0);
        if (!passes) Assert.Equal("mean top-1 agreement of 3 answers 0.333333 (limit 0.6)", parity.Detail);
        // One answer alone is no mean.
        Assert.True(ParityCheck.Compare(new ClassificationWork(), Limits, [(reference, Answer(("logits", turned)), "")]).Passed);
    }

    private static Closeness Compare(params (string Key, float[] Values)[] parts) => ClassificationMeasures.Compare(Expected, Answer(parts), 0);

    private static ServedAnswer Answer(params (string Key, float[] Values)[] parts) =>
        new(1, parts.ToDictionary(p => p.Key, p => (IReadOnlyList<float[]>)[p.Values]));
}
