namespace ServeBench.Measurement.Evidence;

/// <summary>Seeded random numbers: SplitMix64, and normal ones by the polar method (Marsaglia and Bray, SIAM Review 6, 1964).</summary>
/// <param name="seed">Neighbouring seeds give unrelated numbers: a plain SplitMix64 seeded with multiples of its own step would
/// give the same ones, shifted.</param>
internal sealed class SeededNoise(ulong seed)
{
    private ulong _state = Mixed((seed * 0xD1342543DE82EF95) + 0x2545F4914F6CDD1D);
    private double? _spare;

    /// <summary>Uniform, from 0 to below 1.</summary>
    public double Uniform()
    {
        _state += 0x9E3779B97F4A7C15;
        return (Mixed(_state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Standard normal.</summary>
    public double Normal()
    {
        if (_spare is { } kept)
        {
            _spare = null;
            return kept;
        }
        while (true)
        {
            var (a, b) = ((2 * Uniform()) - 1, (2 * Uniform()) - 1);
            var square = (a * a) + (b * b);
            if (square is >= 1 or 0) continue;
            var factor = Math.Sqrt(-2 * Math.Log(square) / square);
            _spare = b * factor;
            return a * factor;
        }
    }

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
