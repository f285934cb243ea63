using System.Numerics;

namespace ServeBench.Platform;

/// <summary>
/// xoshiro256** 1.0 by Blackman and Vigna (2018), its state filled by SplitMix64 from one seed, as its authors advise. Integer
/// arithmetic only: the same seed gives the same numbers on every machine and in every version of .NET, which System.Random
/// does not promise. Every seed is a seed; 0 is not special.
/// </summary>
internal sealed class Xoshiro256
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Xoshiro256(long seed)
    {
        var state = (ulong)seed;
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in (0, 1], a multiple of 2^-53: never 0, so that its logarithm is finite.</summary>
    public double NextUnit() => ((Next() >> 11) + 1) * (1.0 / (1L << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire, 2019).</summary>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (ulong)bound;
        var high = Math.BigMul(Next(), range, out var low);
        if (low >= range) return (int)high;
        var threshold = unchecked(0UL - range) % range;
        while (low < threshold) high = Math.BigMul(Next(), range, out low);
        return (int)high;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
