using ServeBench.Domain.Faults;
using ServeBench.Domain.Targets;

namespace ServeBench.Hosts.Endpoint;

/// <summary>
/// Credentials of AWS where its own tools look first: the variables, then a profile of the credentials file. Nothing else is asked,
/// over no network.
/// </summary>
public static class AwsCredentials
{
    public const string Remedy =
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), "
            + "or AWS_PROFILE to a profile with both in ~/.aws/credentials";

    /// <param name="host">The endpoint's host name, which says its region where no variable does.</param>
    /// <param name="service">The name in signatures.</param>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <param name="faults">Gets what is missing; never a secret.</param>
    /// <returns>Null where something is missing.</returns>
    public static AwsSigning? Find(string host, string service, Func<string, string?> variable, FaultList faults)
    {
        string? Set(string name) => variable(name) is { Length: > 0 } value ? value.Trim() : null;
        var profile = Set("AWS_PROFILE") ?? "default";
        var stored = Profile(Set("AWS_SHARED_CREDENTIALS_FILE") ?? InHome(Set, "credentials"), $"[{profile}]");
        var region = Set("AWS_REGION") ?? Set("AWS_DEFAULT_REGION") ?? RegionOf(host, service)
            ?? Profile(Set("AWS_CONFIG_FILE") ?? InHome(Set, "config"), $"[profile {profile}]", $"[{profile}]").GetValueOrDefault("region");
        if (region is null)
            faults.Add(new Fault("--endpoint", null, null, $"the region of {host} is not known", "Set AWS_REGION, such as eu-central-1"));
        var (access, secret, token) = Set("AWS_ACCESS_KEY_ID") is { } id
            ? (id, Set("AWS_SECRET_ACCESS_KEY"), Set("AWS_SESSION_TOKEN"))
            : (stored.GetValueOrDefault("aws_access_key_id"),
                stored.GetValueOrDefault("aws_secret_access_key"),
                stored.GetValueOrDefault("aws_session_token"));
        if (access is null || secret is null)
            faults.Add(new Fault("--endpoint", null, null, $"there are no credentials of AWS to sign requests to {host} with", Remedy));
        return region is null || access is null || secret is null ? null : new AwsSigning(region, service, access, secret, token);
    }

    /// <summary><c>runtime.sagemaker.eu-central-1.amazonaws.com</c> says it.</summary>
    private static string? RegionOf(string host, string service)
    {
        var parts = host.Split('.');
        var at = Array.IndexOf(parts, service);
        return at >= 0 && at + 2 < parts.Length && parts[at + 2] == "amazonaws" ? parts[at + 1] : null;
    }

    private static string? InHome(Func<string, string?> set, string file) =>
        (set("HOME") ?? set("USERPROFILE")) is { } home ? Path.Combine(home, ".aws", file) : null;

    private static Dictionary<string, string> Profile(string? file, params string[] headings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (file is null || !File.Exists(file)) return values;
        var isOurs = false;
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
        {
            if (line[0] == '[') isOurs = headings.Contains(line);
            else if (isOurs && line.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value]) values.TryAdd(key, value);
        }
        return values;
    }
}
