using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts.Docker;
using ServeBench.Hosts.Machine;
using ServeBench.Hosts.Ownership;
using ServeBench.Hosts.Process.Place;
using ServeBench.Processes.Commands;
using ServeBench.Processes.Groups;
using ServeBench.Processes.Running;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Process;

/// <summary>Deploys stacks as processes of this machine, on cores of their own.</summary>
/// <param name="binFolder">Where this repository's programs are built: <c>artifacts/bin</c>.</param>
/// <param name="commands">Runs what looks at the machine.</param>
public sealed class ProcessHost(string binFolder, ICommandRunner commands) : IHost
{
    public const string HostName = "process";

    private readonly PythonModules _python = new(commands);
    private readonly ConcurrentDictionary<string, string> _versions = new();

    public string Name => HostName;

    public Task<long> PrepareMachineAsync(CancellationToken cancellationToken) => Task.Run(FreeMemory.Touch, cancellationToken);

    public string Summary => "processes of this machine, on cores of their own";

    public ISectionReader Section { get; } = new ProcessHostSectionReader();

    /// <summary>Of every Python and its modules that a fingerprinted stack is run by.</summary>
    public IReadOnlyDictionary<string, string> Versions => _versions;

    public Obstacle? Unavailable => null;

    public Task LookAsync(IReadOnlyList<Stack> stacks, CancellationToken cancellationToken) =>
        Task.WhenAll(
            stacks.Select(
                s => s.Hosts.TryGetValue(Name, out var section)
                    ? LookAsync(s, (ProcessHostSettings)section, cancellationToken)
                    : Task.CompletedTask));

    private Task LookAsync(Stack stack, ProcessHostSettings settings, CancellationToken cancellationToken) =>
        settings.Requires is { } requires
            ? _python.LookAsync(CommandOf(stack, settings), requires.AllModules, cancellationToken)
            : Task.CompletedTask;

    public Obstacle? CannotRun(Stack stack)
    {
        if (Missing(stack) is not { } obstacle) return null;
        // What this machine lacks is in the stack's image.
        return stack.Hosts.ContainsKey(DockerHost.HostName)
            ? obstacle with { Remedy = $"{obstacle.Remedy}, or have it in its container with --host={DockerHost.HostName}" }
            : obstacle;
    }

    public Obstacle? Exposes(Stack stack) =>
        stack.Lifecycle.Listens == ListeningHabit.EveryInterface && !PrivateNetwork.IsOurs
            ? new Obstacle(
                $"the server of {stack.Name} listens on every interface of this machine, whatever its options, "
                    + "and anybody who reaches the machine could use it",
                $"Agree with --yes, {PrivateNetwork.Remedy}"
                    + (stack.Hosts.ContainsKey(DockerHost.HostName)
                        ? $", or keep it in a container with --host={DockerHost.HostName}"
                        : ""))
            : null;

    private Obstacle? Missing(Stack stack)
    {
        if (!stack.Hosts.TryGetValue(Name, out var section))
            return new Obstacle(
                $"{stack.Name} says nothing about the {Name} host", $"Choose one of its own: {string.Join(", ", stack.Hosts.Keys)}");
        var settings = (ProcessHostSettings)section;
        foreach (var path in settings.Programs.Append(settings.Command).Select(p => Placeholder.Fill(p, BeforeDeployment(stack))))
        {
            if (!File.Exists(path) && !Directory.Exists(path) && CommandFile.Find(path) is null)
                return new Obstacle($"{path} is not there", "Build it, or install it so that it is found on PATH");
        }
        if (settings.Requires is not { } requires) return null;
        var python = _python.Known(CommandOf(stack, settings), requires.AllModules);
        return python.Problem(requires.ModulesFor(stack.Groups)) is { } problem ? new Obstacle(problem, requires.Remedy) : null;
    }

    public string Fingerprint(Stack stack)
    {
        var settings = (ProcessHostSettings)stack.Hosts[Name];
        using var hash = new ContentHash();
        hash.Add("host", Name).AddRecord("settings", settings).Add("inherited", ServerEnvironment.Deciding());
        // A server whose threads leave its cores and are put back is not measured as one whose threads cannot leave.
        hash.Add("cores kept by", ControlGroup.OfThisMachine.ConfinesCpus ? "cpuset" : "affinity");
        var command = CommandOf(stack, settings);
        hash.Add("command file", CommandFile.Identity(command));
        if (settings.Requires is { } requires)
        {
            // A file's hash is not enough: what a Python does is decided by what is installed for it, and it may be a shim for another.
            var python = _python.Known(command, requires.AllModules);
            var needed = requires.ModulesFor(stack.Groups);
            hash.Add("python", python.IdentityOf(needed));
            foreach (var (name, version) in python.Versions.Where(v => v.Key == PythonEnvironment.Interpreter || needed.Contains(v.Key)))
                _versions[name == PythonEnvironment.Interpreter ? $"Python ({command})" : $"{name} ({command})"] = version;
        }
        foreach (var program in settings.Programs)
        {
            var path = Placeholder.Fill(program, BeforeDeployment(stack));
            hash.Add(program, Directory.Exists(path) ? ContentHash.OfFolder(path, IsProgram) : ContentHash.OfFile(path));
        }
        return hash.Finish();
    }

    public async Task<IDeployment> DeployAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var settings = (ProcessHostSettings)request.Stack.Hosts[Name];
        foreach (var wanted in settings.Ports.Values.OfType<int>().Where(p => !IsFree(p)))
            throw new RunFailedException(
                $"port {wanted}, which {request.Stack.Name} asks for, is in use by another program",
                "End that program, or take `port:` out of stack.yaml so that a free one is chosen");
        var ports = settings.Ports.ToDictionary(p => p.Key, p => p.Value ?? LocalPort.Free());
        var values = new Dictionary<string, string>(BeforeDeployment(request.Stack).Concat(Ports.Placeholders(ports)))
        {
            [Placeholders.Cores] = request.Cpus.Count.ToString(CultureInfo.InvariantCulture),
            [Placeholders.Model] = request.Model.Model,
            [Placeholders.ModelFolder] = request.Model.Folder,
            [Placeholders.ModelRepository] = request.Repository ?? request.Model.Folder,
            [Placeholders.ModelFile] = Path.Combine(request.Model.Folder, request.Model.File(request.Stack.ModelFormat)),
        };
        var lifecycle = request.Stack.Lifecycle;
        var place = DeploymentPlace.Make(request.Id, lifecycle.Leaves.SharedMemory, settings.StopLimit, folder =>
        {
            values[Placeholders.DeploymentFolder] = folder;
            return lifecycle.Leaves.Folders.Concat(lifecycle.Leaves.Files).Select(l => Placeholder.Fill(l, values));
        });
        ControlGroup? group = null;
        ServerProcess? server = null;
        try
        {
            group = ControlGroup.TryMake(GroupName.Next(), request.Cpus);
            var environment = lifecycle.Silence
                .Overlaid(settings.Environment)
                .Overlaid(request.Track.Environment)
                .ToDictionary(e => e.Key, e => Placeholder.Fill(e.Value, values));
            foreach (var (name, value) in place.Environment.Concat(ServerEnvironment.OfUser())) environment.TryAdd(name, value);
            foreach (var (name, value) in ProcessLabels.Labels(request.Id).Concat(ServerEnvironment.Always)) environment[name] = value;
            var spec = new ServerSpec
            {
                Program = Placeholder.Fill(settings.Command, values),
                Arguments = [.. settings.Arguments.Concat(request.Track.Arguments).Select(a => Placeholder.Fill(a, values))],
                Environment = environment,
                Inherited = ServerEnvironment.Inherited,
                WorkingDirectory = place.Work,
                LogFile = request.LogFile,
                Cpus = request.Cpus,
                Group = group,
                StopLimit = settings.StopLimit,
            };
            if (request.Cpus.Count > 0 && (group?.ConfinesCpus == true) != ControlGroup.OfThisMachine.ConfinesCpus)
                throw new RunFailedException(
                    $"{request.Stack.Name} would be kept on its cores in another way than the plan says, since what control groups may be "
                        + "made here has changed",
                    "Run the same command again");
            server = await ServerProcess.StartAsync(spec);
            var started = Stopwatch.GetElapsedTime(server.LaunchedAt);
            place.Note(j => j with
            {
                Guard = server.GuardId,
                GuardStarted = ProcessEntry.Read(server.GuardId)?.Started ?? 0,
                Server = server.ProcessId,
                Started = ProcessEntry.Read(server.ProcessId)?.Started ?? 0,
            });
            return new ProcessDeployment(
                server,
                spec,
                request.Id,
                new Endpoints(ports.ToDictionary(p => p.Key, p => new IPEndPoint(IPAddress.Loopback, p.Value))),
                settings.StartLimit,
                started,
                lifecycle.Stop,
                place);
        }
        catch (Exception e)
        {
            string[] left;
            try
            {
                if (server is not null) await server.DisposeAsync();
            }
            finally
            {
                left = [.. new[] { place.Remove() }.OfType<string>(), .. group?.Remove() ?? []];
            }
            var besides = left.Length == 0 ? "" : $" (and could not be cleared away: {string.Join("; ", left)})";
            throw e switch
            {
                CommandFailedException => new RunFailedException(
                    e.Message + besides,
                    OperatingSystem.IsLinux()
                        ? "Build the project again: the shell, or the launcher beside the program, cannot be started"
                        : $"Look at {request.Stack.Name}'s stack.yaml: does its command exist on this machine?",
                    e),
                IOException or UnauthorizedAccessException => new RunFailedException(
                    $"{request.Stack.Name} could not be started: {e.Message}{besides}", $"Make room in {Path.GetTempPath()}", e),
                RunFailedException failed when besides.Length > 0 => new RunFailedException(e.Message + besides, failed.Remedy, e),
                _ => e,
            };
        }
    }

    public Task<IReadOnlyList<string>> SweepAsync(CancellationToken cancellationToken) =>
        Task.Run(LeftBehind.Clear, cancellationToken);

    private string CommandOf(Stack stack, ProcessHostSettings settings) => Placeholder.Fill(settings.Command, BeforeDeployment(stack));

    private Dictionary<string, string> BeforeDeployment(Stack stack) => new()
    {
        [Placeholders.Bin] = binFolder,
        [Placeholders.StackFolder] = stack.Folder,
    };

    /// <summary>Debug symbols, documentation and what Python has compiled by itself do not decide a result.</summary>
    private static bool IsProgram(string name) =>
        !name.EndsWith(".pdb", StringComparison.Ordinal)
            && !name.EndsWith(".xml", StringComparison.Ordinal)
            && !name.EndsWith(".pyc", StringComparison.Ordinal);

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
