using ServeBench.Domain.Targets;

namespace ServeBench.Load.K6.Running;

/// <summary>Variables under which k6 neither reports its use nor fetches extensions, and writes times to the nanosecond.</summary>
internal static class K6Environment
{
    public static IReadOnlyDictionary<string, string> Quiet { get; } = new Dictionary<string, string>
    {
        ["K6_NO_USAGE_REPORT"] = "true",
        ["K6_AUTO_EXTENSION_RESOLUTION"] = "false",
    };

    /// <param name="host">Where the server is, <c>host:port</c>: what is measured never goes through a proxy, whatever the user's
    /// shell says.</param>
    /// <param name="asked">True when the user wants usage reports and extensions after all.</param>
    public static Dictionary<string, string> Of(string host, bool asked)
    {
        var direct = asked ? $"localhost,127.0.0.1,::1,{Name(host)}" : "*";
        var environment =
            new Dictionary<string, string> { ["K6_CSV_TIME_FORMAT"] = "unix_nano", ["NO_PROXY"] = direct, ["no_proxy"] = direct };
        if (asked) return environment;
        foreach (var (name, value) in Quiet) environment[name] = value;
        return environment;
    }

    /// <summary>The variable of a script that holds the value of a header: never in the script, and in no command line.</summary>
    public static string HeaderVariable(int index) => $"SERVEBENCH_HEADER_{index + 1}";

    /// <summary>What only a server that runs already needs: the values of its headers, and the authorities of its certificate.</summary>
    public static Dictionary<string, string> Of(ServerTarget target)
    {
        var environment =
            target.Headers.Select((h, i) => KeyValuePair.Create(HeaderVariable(i), h.Value)).ToDictionary(StringComparer.Ordinal);
        if (target.Tls?.CaFile is { } file) environment["SSL_CERT_FILE"] = file;
        return environment;
    }

    private static string Name(string host) => host[..(host.LastIndexOf(':') is > 0 and var colon ? colon : host.Length)].Trim('[', ']');
}
