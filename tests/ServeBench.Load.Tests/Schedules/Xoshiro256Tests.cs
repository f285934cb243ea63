using ServeBench.Platform;

namespace ServeBench.Load.Tests.Schedules;

public sealed class Xoshiro256Tests
{
    /// <summary>The first outputs of the authors' C code, its state filled by their splitmix64.c from the seed.</summary>
    [Theory]
    [InlineData(0, new[] { 11091344671253066420UL, 13793997310169335082UL, 1900383378846508768UL, 7684712102626143532UL })]
    [InlineData(42, new[] { 1546998764402558742UL, 6990951692964543102UL, 12544586762248559009UL, 17057574109182124193UL })]
    [InlineData(-1, new[] { 10328197420357168392UL, 14156678507024973869UL, 9357971779955476126UL, 13791585006304312367UL })]
    public void Gives_the_numbers_of_the_reference_implementation(long seed, ulong[] expected)
    {
        var random = new Xoshiro256(seed);
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

    [Fact]
    public void Units_are_above_0_and_at_most_1_and_spread_evenly()
    {
        var random = new Xoshiro256(7);
        var units = Enumerable.Range(0, 20_000).Select(_ => random.NextUnit()).ToArray();
        Assert.All(units, u => Assert.True(u is > 0 and <= 1));
        Assert.True(KolmogorovSmirnov.Accepts(units, u => u));
    }

    [Fact]
    public void Bounded_numbers_are_spread_evenly()
    {
        var random = new Xoshiro256(7);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++) counts[random.NextBelow(6)]++;
        // Chi-square with 5 degrees of freedom: 20.5 is exceeded with probability 0.001.
        Assert.True(counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000) < 20.5);
    }

    [Fact]
    public void A_bound_below_1_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Xoshiro256(1).NextBelow(0));
}
