using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServeBench.Domain.Targets;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Signing;

/// <summary>
/// Signs one request of AWS (Signature Version 4). A signature holds for minutes, so that it is made each time a request is sent: into
/// places of fixed length, with the hash of the body known before. Source:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
/// </summary>
internal sealed class AwsSeal
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>How long a time in a signature is, such as <c>20261201T113000Z</c>; its first eight characters are the date.</summary>
    private const int TimeLength = 16;
    private const int DateLength = 8;
    private const int SignatureLength = 2 * SHA256.HashSizeInBytes;

    private static readonly string Unsigned = new('0', SignatureLength);

    private readonly AwsKey _key;
    private readonly byte[] _canonical;
    private readonly int _timeInCanonical;
    private readonly int _time;
    private readonly int _date;
    private readonly int _signature;

    private AwsSeal(AwsKey key, byte[] canonical, int timeInCanonical, int time, int date, int signature)
    {
        (_key, _canonical, _timeInCanonical) = (key, canonical, timeInCanonical);
        (_time, _date, _signature) = (time, date, signature);
    }

    /// <summary>A request whose head has places for time and signature.</summary>
    /// <param name="signing">With what it is signed.</param>
    /// <param name="method">Of HTTP.</param>
    /// <param name="path">Path and query as they are sent.</param>
    /// <param name="host">The value of its Host header.</param>
    /// <param name="contentType">The value of its Content-Type header.</param>
    /// <param name="head">Its head without what follows from the body and the signature.</param>
    /// <param name="body">Its body.</param>
    /// <param name="items">Items in it.</param>
    public static RenderedRequest Sealed(
        AwsSigning signing, string method, string path, string host, string contentType, byte[] head, byte[] body, int items)
    {
        var key = AwsKey.Of(signing);
        var time = new string('0', TimeLength);
        List<(string Name, string Value)> signed = [("content-type", contentType), ("host", host), ("x-amz-date", time)];
        if (signing.SessionToken is { } token) signed.Add(("x-amz-security-token", token));
        var names = string.Join(';', signed.Select(h => h.Name));
        var (resource, query) =
            path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (path[..at], path[(at + 1)..]) : (path, "");
        var before = $"{method}\n{Encoded(resource)}\n{Sorted(query)}\ncontent-type:{contentType.Trim()}\nhost:{host}\nx-amz-date:";
        var canonical = before + time + "\n" + (signing.SessionToken is null ? "" : $"x-amz-security-token:{signing.SessionToken}\n")
            + $"\n{names}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";

        var bytes = new List<byte>(head);
        void Add(string text) => bytes.AddRange(System.Text.Encoding.Latin1.GetBytes(text));
        if (signing.SessionToken is not null) Add($"X-Amz-Security-Token: {signing.SessionToken}\r\n");
        Add("X-Amz-Date: ");
        var timePlace = bytes.Count;
        Add($"{time}\r\nAuthorization: {Algorithm} Credential={signing.AccessKey}/");
        var datePlace = bytes.Count;
        Add($"{time[..DateLength]}/{key.Scope}, SignedHeaders={names}, Signature=");
        var signaturePlace = bytes.Count;
        Add($"{Unsigned}\r\nContent-Length: {body.Length}\r\n\r\n");
        bytes.AddRange(body);
        var seal =
            new AwsSeal(key, System.Text.Encoding.UTF8.GetBytes(canonical), before.Length, timePlace, datePlace, signaturePlace);
        return new RenderedRequest([.. bytes], body.Length, items) { Seal = seal };
    }

    /// <summary>Signs a copy of the request; from any thread.</summary>
    /// <param name="request">The copy.</param>
    /// <param name="now">The time of the signature.</param>
    public void Sign(Span<byte> request, DateTimeOffset now)
    {
        Span<byte> time = stackalloc byte[TimeLength];
        now.UtcDateTime.TryFormat(time, out _, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        time.CopyTo(request[_time..]);
        time[..DateLength].CopyTo(request[_date..]);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_canonical.AsSpan(0, _timeInCanonical));
        hash.AppendData(time);
        hash.AppendData(_canonical.AsSpan(_timeInCanonical + TimeLength));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);

        using var signature = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Of(time[..DateLength]));
        signature.AppendData("AWS4-HMAC-SHA256\n"u8);
        signature.AppendData(time);
        signature.AppendData("\n"u8);
        signature.AppendData(time[..DateLength]);
        signature.AppendData(_key.ScopeLine);
        Span<byte> hex = stackalloc byte[SignatureLength];
        Convert.TryToHexStringLower(digest, hex, out _);
        signature.AppendData(hex);
        signature.GetHashAndReset(digest);
        Convert.TryToHexStringLower(digest, hex, out _);
        hex.CopyTo(request[_signature..]);
    }

    /// <summary>A path as it is sent, encoded once more, as every service but S3 has it.</summary>
    private static string Encoded(string path)
    {
        var text = new StringBuilder();
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(path))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' or '/') text.Append(c);
            else text.Append($"%{b:X2}");
        }
        return text.ToString();
    }

    private static string Sorted(string query) => string.Join(
        '&',
        query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=")
            .Order(StringComparer.Ordinal));
}
