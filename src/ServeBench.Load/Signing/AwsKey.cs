using System.Collections.Concurrent;
using System.Security.Cryptography;
using ServeBench.Domain.Targets;

namespace ServeBench.Load.Signing;

/// <summary>The key of signatures: derived from the secret for one day, region and service, and kept until the day is over.</summary>
internal sealed class AwsKey
{
    private static readonly ConcurrentDictionary<AwsSigning, AwsKey> Known = [];

    private readonly AwsSigning _signing;
    private Daily? _today;

    private AwsKey(AwsSigning signing)
    {
        _signing = signing;
        Scope = $"{signing.Region}/{signing.Service}/aws4_request";
        ScopeLine = System.Text.Encoding.UTF8.GetBytes($"/{Scope}\n");
    }

    /// <summary>What a signature holds for, after the date.</summary>
    public string Scope { get; }

    /// <summary>The same as the end of a line, with the slash before it.</summary>
    public byte[] ScopeLine { get; }

    public static AwsKey Of(AwsSigning signing) => Known.GetOrAdd(signing, s => new AwsKey(s));

    /// <param name="date">For example <c>20261201</c>.</param>
    public byte[] Of(ReadOnlySpan<byte> date)
    {
        if (_today is { } today && date.SequenceEqual(today.Date)) return today.Key;
        var key = System.Text.Encoding.UTF8.GetBytes("AWS4" + _signing.SecretKey);
        foreach (var part in (byte[][])
            [date.ToArray(), Bytes(_signing.Region), Bytes(_signing.Service), Bytes("aws4_request")]) key = HMACSHA256.HashData(key, part);
        _today = new Daily(date.ToArray(), key);
        return key;
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed record Daily(byte[] Date, byte[] Key);
}
