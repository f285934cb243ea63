using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServeBench.Models.Weights;

/// <summary>
/// Bell-shaped pseudo-random numbers by integer arithmetic alone: element i of a tensor depends on the seed, the tensor's name
/// and i, on nothing else. No machine, mathematics library or .NET version can change a bit of it, parts can be drawn in any
/// order, and a tensor keeps its values when others are added to the architecture.
/// </summary>
public readonly struct SeededNoise
{
    /// <summary>
    /// The standard deviation of <see cref="Sum"/>: four uniform 16-bit numbers have variance 4 (2^32 - 1) / 12, and the sum is
    /// doubled, so it is 2 sqrt((2^32 - 1) / 3), which rounds to this.
    /// </summary>
    private const long SumDeviation = 75674;

    private readonly ulong _key;

    /// <param name="seed">The model card's weights seed.</param>
    /// <param name="tensor">The tensor's name.</param>
    public SeededNoise(int seed, string tensor)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"servebench-seeded-weights/1\n{seed}\n{tensor}"));
        _key = BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    /// <summary>Fills a part of a tensor with values of the given mean and deviation, both in units of 2^-24.</summary>
    /// <param name="first">Index of the part's first element within the tensor.</param>
    public void Fill(Initialisation.Noise noise, long first, Span<float> into)
    {
        // The quotient once, with 20 more bits, instead of a division per element; the product stays below 2^46.
        var scale = ((long)noise.Deviation << 20) / SumDeviation;
        for (var i = 0; i < into.Length; i++)
        {
            var units = noise.Mean + ((Sum((ulong)(first + i)) * scale) >> 20);
            // The only step outside the integers rounds as IEEE 754 prescribes on every machine; dividing by a power of two is exact.
            into[i] = (int)units / (float)Initialisation.One;
        }
    }

    /// <summary>Fills a part of a tensor with pairs of a value and its negative.</summary>
    /// <param name="first">Index of the part's first element within the tensor.</param>
    public void Fill(Initialisation.PairedNoise noise, long first, Span<float> into)
    {
        var scale = ((long)noise.Deviation << 20) / SumDeviation;
        for (var i = 0; i < into.Length; i++)
        {
            var index = first + i;
            var value = (int)((Sum((ulong)(index >> 1)) * scale) >> 20) / (float)Initialisation.One;
            into[i] = (index & 1) == 0 ? value : -value;
        }
    }

    /// <summary>Fills a part of a matrix with rows in pairs, of which the second is the first's negative.</summary>
    /// <param name="first">Index of the part's first element within the matrix.</param>
    public void Fill(Initialisation.PairedRows noise, long first, Span<float> into)
    {
        var scale = ((long)noise.Deviation << 20) / SumDeviation;
        for (var i = 0; i < into.Length; i++)
        {
            var (row, column) = Math.DivRem(first + i, noise.Columns);
            var index = ((row >> 1) * noise.Columns) + column;
            var value = (int)((Sum((ulong)index) * scale) >> 20) / (float)Initialisation.One;
            into[i] = (row & 1) == 0 ? value : -value;
        }
    }

    /// <summary>
    /// Centred sum of the four 16-bit quarters of a mixed counter: an Irwin-Hall variate, near enough to normal, never beyond 3.5
    /// deviations.
    /// </summary>
    private long Sum(ulong index)
    {
        var bits = Mix(_key + (index * 0x9e3779b97f4a7c15));
        var sum = (long)((bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48));
        return (2 * sum) - (4 * 0xffff);
    }

    /// <summary>The output function of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit given.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
