using ServeBench.Domain.Yaml;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Serving;

/// <summary>The header with the time that a client gives its request, for example <c>250ms</c>.</summary>
internal static class RequestTimeout
{
    public const string Header = "X-Request-Timeout";

    /// <param name="timeout">The time; null where none is given.</param>
    /// <returns>What is wrong with the header; null when nothing is.</returns>
    public static ApiError? Read(HttpRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        if (!request.Headers.TryGetValue(Header, out var header)) return null;
        if (!DurationText.TryParse(header.ToString(), out var given) || given <= TimeSpan.Zero || given > ServerOptions.LongestTimeout)
            return ApiError.Invalid(
                $"The header {Header} is '{header}'; it must be a time such as 250ms or 2s, "
                    + $"greater than 0 and at most {DurationText.Format(ServerOptions.LongestTimeout)}");
        timeout = given;
        return null;
    }
}
