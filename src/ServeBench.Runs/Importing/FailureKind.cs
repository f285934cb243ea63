using System.Globalization;

namespace ServeBench.Runs.Importing;

/// <summary>
/// Kinds of failures, in a few words of our own: what tools write of an error has addresses in it, and with them secrets, and is
/// never kept.
/// </summary>
internal static class FailureKind
{
    public const string Unnamed = "unnamed by the tool";
    public const string Timeout = "timeout";
    public const string Refused = "connection refused";
    public const string Disconnected = "connection lost";
    public const string NoAnswer = "no answer";
    public const string Other = "another error";

    private static readonly (string Kind, string[] Signs)[] Signs =
    [
        (Timeout, ["timeout", "timed out", "deadline exceeded"]),
        (Refused, [
            "refused",
            "no such host",
            "name or service not known",
            "unreachable",
            "no route to host",
            "dial tcp",
            "dns",
            "failed to establish",
            "cannot assign"]),
        ("TLS", ["certificate", "tls", "x509", "ssl"]),
        (Disconnected, [
            "eof",
            "reset by peer",
            "connection reset",
            "broken pipe",
            "connection closed",
            "disconnected",
            "aborted",
            "incomplete"]),
    ];

    /// <summary>Statuses from 200 to 399 are successes, as for k6, vegeta and wrk.</summary>
    public static bool IsSuccess(int status) => status is >= 200 and < 400;

    /// <returns>A status of HTTP, or 0 for no answer; null when it can be neither.</returns>
    public static int? StatusOf(double value) => value is 0 or (>= 100 and < 1000) && value == Math.Floor(value) ? (int)value : null;

    public static string OfStatus(int status) => status is >= 100 and < 1000 ? $"HTTP {status}" : NoAnswer;

    public static string OfGrpc(string status) => status.Length is > 0 and <= 2 && status.All(char.IsAsciiDigit) ? $"gRPC {status}" : Other;

    /// <param name="message">What the tool wrote; may name a status.</param>
    public static string OfError(string message)
    {
        foreach (var (kind, signs) in Signs)
            if (Array.Exists(signs, s => message.Contains(s, StringComparison.OrdinalIgnoreCase))) return kind;
        return StatusIn(message) is { } status ? OfStatus(status) : Other;
    }

    /// <summary>k6's error codes: lib/netext/httpext/error_codes.go.</summary>
    public static string OfK6(int errorCode, string status) => errorCode switch
    {
        1050 => Timeout,
        >= 1100 and < 1200 or >= 1210 and < 1220 => Refused,
        >= 1300 and < 1400 => "TLS",
        >= 1000 and < 1100 or >= 1200 and < 1300 or >= 1600 and < 1700 => Disconnected,
        _ => int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? OfStatus(code) : Unnamed,
    };

    /// <summary>The first number of three digits, from 400 to 599, that stands for itself.</summary>
    private static int? StatusIn(string message)
    {
        for (var i = 0; i + 3 <= message.Length; i++)
        {
            if (message[i] is not ('4' or '5') || !char.IsAsciiDigit(message[i + 1]) || !char.IsAsciiDigit(message[i + 2])) continue;
            if (i > 0 && (char.IsLetterOrDigit(message[i - 1]) || message[i - 1] == '.')) continue;
            if (i + 3 < message.Length && char.IsLetterOrDigit(message[i + 3])) continue;
            return int.Parse(message.AsSpan(i, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        }
        return null;
    }
}
