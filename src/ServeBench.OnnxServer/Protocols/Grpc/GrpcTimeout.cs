using System.Globalization;
using ServeBench.OnnxServer.Configuration;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>The header <c>grpc-timeout</c>: up to eight digits and a unit (gRPC over HTTP2, "Timeout").</summary>
internal static class GrpcTimeout
{
    private const string Header = "grpc-timeout";
    private const int MostDigits = 8;

    /// <param name="timeout">The time that a client gives its call; null where it gives none.</param>
    /// <returns>What is wrong with the header; null when nothing is.</returns>
    public static ApiError? Read(HttpRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        if (!request.Headers.TryGetValue(Header, out var header)) return null;
        if (!TryParse(header.ToString(), out var given))
            return ApiError.Invalid($"The header {Header} is '{header}'; it must be up to eight digits and one of H, M, S, m, u, n");
        timeout = given;
        return null;
    }

    /// <summary>Times longer than the server's longest are that one.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MostDigits + 1
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        double? seconds = text[^1] switch
        {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            'm' => 1e-3,
            'u' => 1e-6,
            'n' => 1e-9,
            _ => null,
        };
        if (seconds is not { } unit) return false;
        timeout = TimeSpan.FromSeconds(Math.Min(count * unit, ServerOptions.LongestTimeout.TotalSeconds));
        return true;
    }
}
