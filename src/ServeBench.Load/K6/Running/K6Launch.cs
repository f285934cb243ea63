using ServeBench.Domain.Targets;
using ServeBench.Processes.Servers;

namespace ServeBench.Load.K6.Running;

/// <summary>The command that runs one script.</summary>
internal sealed record K6Launch
{
    public required K6Program Program { get; init; }

    /// <summary>Whether k6 may report its use and fetch extensions.</summary>
    public bool Online { get; init; }

    /// <summary>Holds the script and what it reads, and gets what k6 writes.</summary>
    public required string Folder { get; init; }

    /// <summary>Where the REST API listens, for progress.</summary>
    public required int Port { get; init; }

    /// <summary>The server.</summary>
    public required ServerTarget Target { get; init; }

    /// <summary>Whole answers to keep.</summary>
    public required int KeepAnswers { get; init; }

    /// <summary>Whether the script checks answers while it loads.</summary>
    public required bool CheckAnswers { get; init; }

    /// <summary>The cores that it may use; empty for all.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    public string Script => Path.Combine(Folder, ScriptName);

    public string Csv => Path.Combine(Folder, "raw.csv.gz");

    public string Log => Path.Combine(Folder, "k6.log");

    /// <summary>Name of the container, when it is one.</summary>
    public string Container => $"servebench-k6-{Port}";

    public const string ScriptName = "case.js";

    public ServerSpec Spec(Func<string?> user) => new()
    {
        Program = Program.Path ?? "docker",
        Arguments = Program.Image is { } image ? [.. InContainer(image, user()), .. Run("/case")] : Run(Folder),
        // A container's are handed on by their names, so that no command line shows a value.
        Environment = Program.Image is null
            ? new Dictionary<string, string>([.. Environment, .. K6Environment.Of(Target)])
            : K6Environment.Of(Target),
        LogFile = Log,
        Cpus = Cpus,
        StopLimit = TimeSpan.FromSeconds(5),
    };

    private IReadOnlyDictionary<string, string> Environment => K6Environment.Of(Target.HostAndPort, Online);

    private string[] Run(string folder) =>
    [
        "run", "--quiet", "--no-color", "--log-format=json", .. Online
            ? (string[])[]
            : ["--no-usage-report"], $"--address=127.0.0.1:{Port}",
        $"--out=csv={folder}/{Path.GetFileName(Csv)}",
        "-e", $"HOST={Target.HostAndPort}", "-e", $"KEEP_ANSWERS={KeepAnswers}",
        .. CheckAnswers ? (string[])[] : ["-e", "CHECK_EVERY=0"],
        $"{folder}/{ScriptName}",
    ];

    private IEnumerable<string> InContainer(string image, string? user)
    {
        IEnumerable<string> arguments =
            ["run", "--rm", "--pull=never", "--network=host", $"--name={Container}", "--label=servebench=k6", $"--volume={Folder}:/case"];
        // What it writes belongs to whoever runs the pipeline.
        if (user is not null) arguments = arguments.Append($"--user={user}");
        if (Cpus.Count > 0) arguments = arguments.Append($"--cpuset-cpus={string.Join(',', Cpus)}");
        if (Target.Tls?.CaFile is { } file) arguments = arguments.Append($"--volume={file}:{file}:ro");
        return
        [
            .. arguments,
            .. Environment.SelectMany(e => new[] { "-e", $"{e.Key}={e.Value}" }),
            .. K6Environment.Of(Target).Keys.SelectMany(name => new[] { "-e", name }),
            image,
        ];
    }
}
