using System.Globalization;
using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Hosts.Endpoint;

namespace ServeBench.Build.Options;

/// <summary>The servers that run already, as the command line names them; no secret is read here.</summary>
/// <param name="Named">In the order in which they were given.</param>
/// <param name="Protocols">By name, where one was given.</param>
/// <param name="Alone">Whether no stack takes part beside them.</param>
public sealed partial record EndpointOptions(
    IReadOnlyList<NamedEndpoint> Named, IReadOnlyDictionary<string, string> Protocols, bool Alone)
{
    /// <summary>Requests per second that somebody else's server is sent at most, unless its user says otherwise (decision 0177).</summary>
    public const double MostPerSecondElsewhere = 20;

    /// <summary>What a bearer token is sent in.</summary>
    private const string Authorization = "Authorization";

    private static readonly OptionDefinition[] Further =
    [
        KnownOptions.Protocol,
        KnownOptions.EndpointStack,
        KnownOptions.EndpointToken,
        KnownOptions.EndpointHeader,
        KnownOptions.EndpointCa,
        KnownOptions.EndpointModel,
        KnownOptions.EndpointRate,
        KnownOptions.EndpointCounters,
    ];

    public static EndpointOptions None { get; } = new([], new Dictionary<string, string>(), false);

    /// <summary>Reads the values; what is wrong with them is added to the faults.</summary>
    public static EndpointOptions Read(CommandLine line, Catalogue catalogue, string root, FaultList faults)
    {
        if (!line.Has(KnownOptions.Endpoint))
        {
            foreach (var option in Further.Where(line.Has))
                faults.Add(new Fault(option.Name, null, null, "there is no endpoint", $"Name one with {KnownOptions.Endpoint.Example}"));
            return None;
        }
        var pairs = Pairs(line.Value(KnownOptions.Endpoint)!);
        string[] names = [.. pairs.Select(p => p.Name ?? "").Where(n => n.Length > 0).Distinct()];
        var given = Further.ToDictionary(o => o, o => new PerEndpoint(line, o, names, faults));
        var endpoints = new List<NamedEndpoint>();
        foreach (var (name, url) in pairs)
        {
            if (name is null || !PlainName().IsMatch(name))
                faults.Add(new Fault(
                    KnownOptions.Endpoint.Name,
                    null,
                    null,
                    $"'{name ?? Redaction.Of(url)}' has no plain name in front: small letters, digits and dashes",
                    $"For example {KnownOptions.Endpoint.Example}"));
            else if (catalogue.Stacks.Any(s => s.Name == name) || endpoints.Exists(e => e.Name == name))
                faults.Add(new Fault(
                    KnownOptions.Endpoint.Name,
                    null,
                    null,
                    $"'{name}' is already the name of a stack or of another endpoint", "Take another"));
            if (name is null || Address(KnownOptions.Endpoint, name, url, faults) is not { } address) continue;
            if (Stack(given[KnownOptions.EndpointStack].Of(name), catalogue, faults) is not { } stack) continue;
            endpoints.Add(new NamedEndpoint(name, address, stack)
            {
                Headers = [.. Headers(name, given, faults)],
                CaFile = CaFile(given[KnownOptions.EndpointCa].Of(name), address, root, faults),
                Model = given[KnownOptions.EndpointModel].Of(name),
                MostPerSecond = Rate(given[KnownOptions.EndpointRate].Of(name), address, faults),
                Counters = given[KnownOptions.EndpointCounters].Of(name) is { } counters
                    ? Address(KnownOptions.EndpointCounters, name, counters, faults)
                    : null,
                ComparesAnswers = line.Has(KnownOptions.Model),
            });
        }
        var protocols = new Dictionary<string, string>();
        foreach (var endpoint in endpoints)
        {
            if (given[KnownOptions.Protocol].Of(endpoint.Name) is not { } protocol) continue;
            if (catalogue.Protocols.Any(p => p.Name == protocol)) protocols[endpoint.Name] = protocol;
            else
                faults.Add(new Fault(KnownOptions.Protocol.Name, null, null, $"no protocol is called '{protocol}'", NearestName.Remedy(
                    protocol, [.. catalogue.Protocols.Select(p => p.Name)])));
        }
        return new EndpointOptions(endpoints, protocols, !line.Has(KnownOptions.Stack));
    }

    /// <summary>A list of <c>NAME=VALUE</c> or <c>VALUE</c>; an equals sign after a colon is the value's own.</summary>
    internal static IReadOnlyList<(string? Name, string Value)> Pairs(string text) =>
    [
        .. from part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
           let at = part.IndexOf('=', StringComparison.Ordinal)
           let colon = part.IndexOf(':', StringComparison.Ordinal)
           select at > 0 && (colon < 0 || at < colon) ? (part[..at], part[(at + 1)..]) : ((string?)null, part),
    ];

    /// <returns>Null where there is no such folder.</returns>
    private static string? Stack(string? name, Catalogue catalogue, FaultList faults)
    {
        name ??= catalogue.Stacks
            .FirstOrDefault(s => s.Hosts.GetValueOrDefault(EndpointHost.HostName) is EndpointSettings { IsUnknown: true })?
            .Name;
        if (name is not null && catalogue.Stacks.Any(s => s.Name == name)) return name;
        if (name is null)
        {
            faults.Add(new Fault(
                KnownOptions.EndpointStack.Name,
                null,
                null,
                "no folder of src/stacks is that of servers of which nothing is known",
                "Name the folder of what it is"));
            return null;
        }
        faults.Add(new Fault(KnownOptions.EndpointStack.Name, null, null, $"no stack is called '{name}'", NearestName.Remedy(
            name, [.. catalogue.Stacks.Select(s => s.Name)])));
        return null;
    }

    /// <returns>The address without a slash at its end; null where it is none.</returns>
    private static string? Address(OptionDefinition option, string name, string text, FaultList faults)
    {
        Fault Wrong(string what, string remedy) => new(option.Name, null, null, $"the address of {name} {what}", remedy);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            faults.Add(Wrong("is not one of http:// or https://", $"For example {option.Example}"));
        else if (url.UserInfo.Length > 0)
            faults.Add(Wrong("holds credentials, which would be stored with the results", $"Use {KnownOptions.EndpointToken.Example}"));
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
            faults.Add(Wrong(
                "has a query or a fragment", $"Leave it out; a key goes into a header: {KnownOptions.EndpointHeader.Example}"));
        else return text.TrimEnd('/');
        return null;
    }

    private static IEnumerable<HeaderSource> Headers(string name, Dictionary<OptionDefinition, PerEndpoint> given, FaultList faults)
    {
        if (given[KnownOptions.EndpointToken].Of(name) is { } token)
        {
            if (VariableName().IsMatch(token)) yield return new HeaderSource(Authorization, "Bearer ", token);
            else faults.Add(NoVariable(KnownOptions.EndpointToken, name));
        }
        foreach (var header in given[KnownOptions.EndpointHeader].AllOf(name))
        {
            if (header.Split('@', 2) is [var field, var variable] && FieldName().IsMatch(field) && VariableName().IsMatch(variable))
                yield return new HeaderSource(field, "", variable);
            else faults.Add(NoVariable(KnownOptions.EndpointHeader, name));
        }
    }

    /// <summary>It does not repeat what was given: that may be the secret itself.</summary>
    private static Fault NoVariable(OptionDefinition option, string name) => new(
        option.Name,
        null,
        null,
        $"what is given for {name} is not the name of an environment variable",
        $"Put the secret into a variable and name that, without a dollar sign: {option.Example}");

    private static string? CaFile(string? file, string url, string root, FaultList faults)
    {
        if (file is null) return null;
        if (url.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
            faults.Add(new Fault(KnownOptions.EndpointCa.Name, null, null, $"{url} has no certificate", "Use it with https:// only"));
        return Path.GetFullPath(file, root);
    }

    /// <summary>Without one: none for a loopback address, which alone is this machine's for certain before it is resolved.</summary>
    private static double? Rate(string? text, string url, FaultList faults)
    {
        if (text is null) return new Uri(url).IsLoopback ? null : MostPerSecondElsewhere;
        if (text == "none") return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0.1 and <= 1e6)
            return rate;
        faults.Add(new Fault(
            KnownOptions.EndpointRate.Name,
            null,
            null,
            $"'{text}' is not a rate from 0.1 to 1000000 requests/s",
            $"For example {KnownOptions.EndpointRate.Example}; none is no bound"));
        return MostPerSecondElsewhere;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex PlainName();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
    private static partial Regex FieldName();
}
