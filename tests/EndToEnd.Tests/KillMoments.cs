using System.Globalization;

namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// Random moments at which a test kills a run, from a seed that is printed and stands in every failure: <c>SERVEBENCH_KILL_SEED</c> gives
/// the same moments again.
/// </summary>
internal sealed class KillMoments
{
    public const string Variable = "SERVEBENCH_KILL_SEED";

    private readonly Random _random;
    private readonly int _seed;

    public KillMoments()
        : this(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : Random.Shared.Next())
    {
    }

    public KillMoments(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine(ToString());
    }

    /// <summary>How long to wait before the next kill.</summary>
    public TimeSpan Next(int mostMilliseconds) => TimeSpan.FromMilliseconds(_random.Next(mostMilliseconds));

    /// <summary>For failures.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Variable}={_seed}");
}
