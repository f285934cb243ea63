using ServeBench.Hosts.Images;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>A docker command line with one engine behind it. Tests break it in every way.</summary>
internal sealed class FakeDocker : IDisposable
{
    private readonly HashSet<string> _images = [];
    private TaskCompletionSource<CommandResult> _ended = new();
    private readonly HashSet<string> _containers = [];
    private string _state = "";

    public FakeDocker()
    {
        Runner = new FakeRunner(AnswerAsync);
        Folder = Directory.CreateTempSubdirectory("servebench-test-").FullName;
        Stack = Path.Combine(Folder, "stack");
        Directory.CreateDirectory(Path.Combine(Stack, "app"));
        File.WriteAllText(Path.Combine(Stack, "Dockerfile"), "FROM scratch\nCOPY app/ /\n");
        File.WriteAllText(Path.Combine(Stack, "app", "server.py"), "serve");
    }

    public FakeRunner Runner { get; }

    public string Folder { get; }

    /// <summary>The stack's folder.</summary>
    public string Stack { get; }

    public ImageFolders Folders => new(Folder, Path.Combine(Folder, "artifacts"));

    /// <summary>False while the engine is dead.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>What docker run says instead of starting a container; null for nothing.</summary>
    public string? RunFails { get; set; }

    /// <summary>Whether the engine dies when it has just made the next container, before it says so.</summary>
    public bool DiesInRun { get; set; }

    /// <summary>Whether a container was ever started while there was another.</summary>
    public bool RanTwo { get; private set; }

    /// <summary>What docker build says instead of building; null for nothing.</summary>
    public string? BuildFails { get; set; }

    /// <summary>What the registry that images are pulled from says instead of giving them; null for nothing.</summary>
    public string? RegistryFails { get; set; }

    /// <summary>What docker build prints.</summary>
    public string BuildSays { get; set; } = "Successfully built";

    /// <summary>What comes true after so many more commands that the dead engine was asked.</summary>
    public int ReturnsAfter { get; set; } = int.MaxValue;

    /// <summary>What a dead engine is said to be.</summary>
    public string Dead { get; set; } = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";

    public bool HasContainer => _containers.Count > 0;

    /// <summary>The names of the containers that there are, running or not.</summary>
    public IReadOnlyCollection<string> Containers => _containers;

    /// <summary>The subcommands run so far.</summary>
    public IEnumerable<string> Asked
    {
        get
        {
            lock (Runner.Commands) return [.. Runner.Commands.Select(c => c.Arguments[0] is "image" or "container" or "context" ? $"{c.Arguments[0]} {c.Arguments[1]}" : c.Arguments[0])];
        }
    }

    /// <summary>The container ends.</summary>
    public void End(int code, bool oom = false)
    {
        _state = State(running: false, code, oom);
        _ended.TrySetResult(Said($"{code}"));
    }

    /// <summary>The engine dies, and with it every command that waits for it.</summary>
    public void Die()
    {
        Answers = false;
        _ended.TrySetResult(new CommandResult(1, "", "error waiting for container: unexpected EOF", TimeSpan.Zero));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Task<CommandResult> AnswerAsync(CommandSpec command, CancellationToken cancelled)
    {
        if (command.Arguments is ["context", ..]) return Task.FromResult(Said("unix:///var/run/docker.sock"));
        if (!Answers && --ReturnsAfter < 0) Answers = true;
        if (!Answers) return Task.FromResult(new CommandResult(1, "", Dead, TimeSpan.Zero));
        return command.Arguments[0] == "wait" ? WaitAsync(cancelled) : Task.FromResult(Answer(command.Arguments));
    }

    private async Task<CommandResult> WaitAsync(CancellationToken cancelled) => await _ended.Task.WaitAsync(cancelled);

    private CommandResult Answer(IReadOnlyList<string> arguments)
    {
        switch (arguments[0])
        {
            case "info": return Said("""{"ServerVersion":"1.2","Architecture":"x86_64","Driver":"overlay2","CgroupVersion":"2","KernelVersion":"other"}""");
            case "image" when _images.Contains(arguments[^1]): return Said("""{"Id":"sha256:00112233445566778899","Size":1000,"RootFS":{"Layers":["sha256:a","sha256:b"]},"Config":{"User":""},"RepoDigests":[]}""");
            case "container" when _containers.Contains(arguments[^1]): return Said(_state);
            case "image" or "container": return new CommandResult(1, "[]", $"Error: No such {arguments[0]}: {arguments[^1]}", TimeSpan.Zero);
            case "pull" or "manifest" when RegistryFails is { } fails: return new CommandResult(1, "", fails, TimeSpan.Zero);
            case "manifest": return Said("{}");
            case "pull":
                _images.Add(arguments[^1]);
                return Said(arguments[^1]);
            case "build" when BuildFails is { } fails: return new CommandResult(1, fails, "The command '/bin/sh -c false' returned a non-zero code: 1", TimeSpan.Zero);
            case "build":
                _images.Add(arguments.Single(a => a.StartsWith("--tag=", StringComparison.Ordinal))["--tag=".Length..]);
                return Said(BuildSays);
            case "save":
                File.WriteAllBytes(arguments.Single(a => a.StartsWith("--output=", StringComparison.Ordinal))["--output=".Length..], new byte[1024]);
                return Said("");
            case "run" when RunFails is { } fails:
                _containers.Add(Name(arguments));
                return new CommandResult(125, "", fails, TimeSpan.Zero);
            case "run" when !_containers.Add(Name(arguments)):
                return new CommandResult(125, "", $"docker: Error response from daemon: Conflict. The container name \"/{Name(arguments)}\" is already in use by container \"0123\". You have to remove (or rename) that container to be able to reuse that name.", TimeSpan.Zero);
            case "run" when DiesInRun:
                DiesInRun = false;
                Die();
                return new CommandResult(125, "", $"docker: {Dead}", TimeSpan.Zero);
            case "run":
                RanTwo |= _containers.Count > 1;
                _state = State(running: true, 0, oom: false);
                _ended = new TaskCompletionSource<CommandResult>();
                return Said("0123456789abcdef");
            case "stop":
                End(143);
                return Said("");
            case "logs": return Said("hello from the server\n");
            case "rm":
                _containers.Remove(arguments[^1]);
                return Said("");
            case "version": return Said("1.2");
            default: throw new InvalidOperationException($"nobody expects docker {string.Join(' ', arguments)}");
        }
    }

    private static string Name(IReadOnlyList<string> arguments) => arguments.Single(a => a.StartsWith("--name=", StringComparison.Ordinal))["--name=".Length..];

    private static CommandResult Said(string output) => new(0, output, "", TimeSpan.Zero);

    private static string State(bool running, int code, bool oom) => $$$"""
        {"Id":"0123456789abcdef","State":{"Running":{{{(running ? "true" : "false")}}},"Pid":{{{(running ? 4711 : 0)}}},"StartedAt":"2026-01-02T03:04:05.678901234Z","ExitCode":{{{code}}},"OOMKilled":{{{(oom ? "true" : "false")}}},"Error":""},
        "NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"} },"Ports":{"8000/tcp":[{"HostIp":"127.0.0.1","HostPort":"32768"}]} } }
        """;
}
