using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Trials;

namespace ServeBench.Domain.Plans;

/// <summary>Derives the separate seeds of a run from its base seed (method.md, rule 16): SHA-256 over the base and a purpose.</summary>
public static class Seeds
{
    public static SeedRecord From(long baseSeed) =>
        new(baseSeed, Derive(baseSeed, "payload"), Derive(baseSeed, "arrivals"), Derive(baseSeed, "blocks"));

    /// <summary>A fresh base: short enough to be typed again.</summary>
    public static long Draw() => RandomNumberGenerator.GetInt32(1, int.MaxValue);

    /// <summary>A positive seed for one purpose; other purposes and other bases give unrelated ones.</summary>
    public static long Derive(long seed, string purpose)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"servebench:{seed}:{purpose}"), hash);
        return (BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue) | 1;
    }
}
