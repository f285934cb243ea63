using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Endpoint;

/// <summary>What a stack's folder says of its servers that run already: <c>endpoint:</c> under <c>hosts:</c>.</summary>
public sealed record EndpointSettings
{
    /// <summary>True for the folder of servers of which nothing is known: it stands for those of which its user says no more.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether the path of the address is that of every request, so that the protocol's own is not sent.</summary>
    public bool IsWholePath { get; init; }

    /// <summary>The name of the service in signatures of AWS; null where requests are not signed.</summary>
    public string? AwsService { get; init; }

    /// <summary>The header that it wants where the user names none, with the variable that has the secret; null for none.</summary>
    public HeaderSource? Token { get; init; }

    /// <summary>Longest time until its first correct answer: one that scales to nothing has to start first.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The endpoint itself, once one has been named; what a folder says is true of all.</summary>
    public NamedEndpoint? Named { get; init; }

    /// <summary>The headers that an endpoint is sent: those of its user, and the folder's where none of them has its name.</summary>
    public IReadOnlyList<HeaderSource> HeadersOf(NamedEndpoint endpoint) =>
        Token is { } token && !endpoint.Headers.Any(h => h.Name.Equals(token.Name, StringComparison.OrdinalIgnoreCase))
            ? [.. endpoint.Headers, token]
            : endpoint.Headers;

    internal sealed class Reader : ISectionReader
    {
        public string Name => EndpointHost.HostName;

        public object Read(YamlMapping section, string folder)
        {
            var signing = section.OptionalMapping("signing");
            var token = section.OptionalMapping("token");
            var settings = new EndpointSettings
            {
                IsUnknown = section.Flag("unknown", false),
                IsWholePath = section.OptionalOneOf("path", ["before", "whole"], "before") == "whole",
                AwsService = signing?.Text("aws-service"),
                Token = token is null
                    ? null
                    : new HeaderSource(
                        token.Text("header"),
                        token.OptionalText("before") is { } before ? before + " " : "",
                        token.Text("variable")),
                StartLimit = section.Duration("start-limit", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60)),
            };
            signing?.Done();
            token?.Done();
            section.Done();
            return settings;
        }
    }
}
