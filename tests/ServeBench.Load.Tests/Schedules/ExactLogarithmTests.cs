using ServeBench.Load.Schedules;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Schedules;

public sealed class ExactLogarithmTests
{
    [Fact]
    public void Agrees_with_the_library_to_the_last_bits()
    {
        var random = new Xoshiro256(1);
        for (var i = 0; i < 100_000; i++)
        {
            var x = random.NextUnit();
            if (i % 4 == 0) x *= 1.0 / (1L << random.NextBelow(52));
            var expected = Math.Log(x);
            Assert.True(Math.Abs(ExactLogarithm.Of(x) - expected) <= 4e-16 * Math.Max(1, Math.Abs(expected)), $"ln {x:R}");
        }
    }

    [Fact]
    public void Is_exact_at_1() => Assert.Equal(0, ExactLogarithm.Of(1));
}
