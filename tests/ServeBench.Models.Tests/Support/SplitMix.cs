namespace ServeBench.Models.Tests.Support;

/// <summary>Pseudo-random numbers that the recording scripts draw as well: SplitMix64.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <returns>A whole number from 0 to n - 1.</returns>
    public int Below(int n)
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
        return (int)(((z >> 32) * (ulong)n) >> 32);
    }
}
