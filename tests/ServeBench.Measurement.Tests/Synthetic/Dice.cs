namespace ServeBench.Synthetic;

/// <summary>Seeded random numbers out of integer arithmetic and the four operations only, so that they are the same on every machine (SplitMix64).</summary>
public sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Uniform, from 0 to below 1.</summary>
    public double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Close to normal with mean 0 and standard deviation 1: the sum of twelve uniforms.</summary>
    public double Bell()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += Next();
        return sum;
    }

    /// <summary>Skewed to the right like service times: mean about 1, never below 0.4.</summary>
    public double Skewed()
    {
        var u = Next();
        return 0.4 + (0.45 * u) + (1.96 * u * u * u * u * u * u) + (0.19 * Next());
    }

    /// <summary>A seed that depends on a name and on nothing else (FNV-1a).</summary>
    public static ulong SeedOf(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
