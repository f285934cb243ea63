namespace ServeBench.Hosts.Ownership;

/// <summary>The labels by which containers of ours are found again.</summary>
internal static class ContainerLabels
{
    public const string Deployment = "servebench.deployment";
    public const string Machine = "servebench.machine";
    private const string Owner = "servebench.owner";
    private const string Realm = "servebench.realm";

    /// <summary>Prints an id and the labels of every container, running or not, that has ours.</summary>
    public static string[] ListArguments { get; } =
    [
        "ps", "--all", "--no-trunc", $"--filter=label={Deployment}",
        $"--format={{{{.ID}}}} {{{{.Label \"{Realm}\"}}}} {{{{.Label \"{Owner}\"}}}} {{{{.Label \"{Deployment}\"}}}} {{{{.Label "
            + $"\"{Machine}\"}}}}",
    ];

    public static IReadOnlyDictionary<string, string> Of(string deploymentId) => new Dictionary<string, string>
    {
        [Deployment] = deploymentId,
        [Owner] = Ownership.Owner.Label,
        [Realm] = Ownership.Owner.Realm,
        [Machine] = Ownership.Owner.Machine,
    };

    /// <summary>The same as arguments of the docker command.</summary>
    public static IEnumerable<string> Arguments(string deploymentId) =>
        Of(deploymentId).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"--label={l.Key}={l.Value}");

    /// <summary>The containers whose run is gone.</summary>
    /// <param name="listing">What <see cref="ListArguments"/> printed.</param>
    public static IEnumerable<(string Container, string Deployment)> Orphans(string listing) =>
        from line in listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let fields = line.Trim().Split(' ')
        // Another machine that uses the same engine has processes that cannot be seen from here; containers of before there was
        // that label were this machine's.
        where fields.Length == 4 || (fields.Length == 5 && fields[4] == Ownership.Owner.Machine)
        where Ownership.Owner.IsGone(fields[1], fields[2])
        select (fields[0], fields[3]);
}
