using ServeBench.Runs.Deploying;

namespace ServeBench.Runs.Tests.Deploying;

public class ColdStartTests
{
    [Theory]
    [InlineData(1.0, 0.3, 0.2, 0.05, 0.45)]
    [InlineData(1.0, 0.3, null, 0.05, 0.65)]
    [InlineData(1.0, null, 0.2, 0.05, null)]
    [InlineData(1.0, 1.5, 0.2, 0.05, 0.0)] // clocks that disagree: no part is negative
    [InlineData(1.0, -0.1, 2.0, 0.05, 0.0)]
    public void The_parts_that_are_known_add_up(double whole, double? container, double? model, double answer, double? process)
    {
        var start = ColdStartParts.Of(whole, container, model, answer);
        Assert.Equal(process, start.ProcessSeconds is { } p ? Math.Round(p, 9) : null);
        Assert.All([start.ContainerSeconds, start.ModelSeconds, start.ProcessSeconds], part => Assert.True(part is null or >= 0));
        if (container is not null) Assert.Equal(whole, start.ContainerSeconds!.Value + start.ProcessSeconds!.Value + (start.ModelSeconds ?? 0) + start.AnswerSeconds, 9);
    }

    [Theory]
    [InlineData(15, 10, 5)]
    [InlineData(15, 4, 11)]
    [InlineData(5, 5, 0)]
    [InlineData(1, 3, 0)]
    public void Further_starts_are_spread_over_the_trials(int wanted, int trials, int further)
    {
        var each = Enumerable.Range(1, trials).Select(t => ColdStartParts.FurtherIn(wanted, trials, t)).ToArray();
        Assert.Equal(further, each.Sum());
        Assert.True(each.Max() - each.Min() <= 1);
    }
}
