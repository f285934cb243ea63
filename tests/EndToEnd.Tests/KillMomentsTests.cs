namespace ServeBench.EndToEnd.Tests;

/// <summary>A failed kill can be made again.</summary>
public sealed class KillMomentsTests
{
    [Fact]
    public void The_seed_that_a_failure_names_gives_the_same_moments()
    {
        var first = new KillMoments();
        var named = int.Parse(first.ToString().Split('=')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith("SERVEBENCH_KILL_SEED=", first.ToString(), StringComparison.Ordinal);
        var again = new KillMoments(named);
        Assert.Equal(Enumerable.Range(0, 20).Select(_ => first.Next(700)), Enumerable.Range(0, 20).Select(_ => again.Next(700)));
        Assert.Contains(first.ToString(), TestContext.Current.TestOutputHelper!.Output, StringComparison.Ordinal);
    }
}
