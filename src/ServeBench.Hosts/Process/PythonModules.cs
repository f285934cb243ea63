using System.Collections.Concurrent;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Process;

/// <summary>
/// What a Python of this machine is, and which versions of modules it has. Asked once per program, by looking at the modules
/// without importing them.
/// </summary>
internal sealed class PythonModules(ICommandRunner commands)
{
    /// <summary>
    /// Prints a line for the interpreter and one for each module, in fields with tabs between: name, version, and what else
    /// tells two of them apart. The first is how the program is called by itself, whatever link or shim was started. Of a
    /// module, it is the hash of the list that its installer made of all its files with their hashes; where there is none
    /// (distributions package without it), place, size and time of the module's own file. A module without a version comes with Python.
    /// </summary>
    private const string Script = """
        import hashlib, importlib.metadata as metadata, importlib.util, os, platform, sys
        print('python', platform.python_version(), sys.version.replace('\n', ' ') + ' ' + sys.executable, sep='\t')
        owners = metadata.packages_distributions() if hasattr(metadata, 'packages_distributions') else {}
        for module in sys.argv[1:]:
            spec = importlib.util.find_spec(module)
            if spec is None:
                print(module)
                continue
            versions, details = [], []
            for name in sorted(set(owners.get(module, [module]))):
                try:
                    owner = metadata.distribution(name)
                except metadata.PackageNotFoundError:
                    continue
                versions.append(owner.version)
                record = owner.read_text('RECORD')
                if record:
                    details.append(hashlib.sha256(record.encode()).hexdigest())
            if not details and spec.origin and os.path.isfile(spec.origin):
                file = os.stat(spec.origin)
                details.append('%s %d %d' % (spec.origin, file.st_size, file.st_mtime_ns))
            print(module, '+'.join(versions), ' '.join(details), sep='\t')
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Task<PythonEnvironment>> _known = new();

    /// <summary>Asks the program, unless it was asked before.</summary>
    /// <param name="python">The program, as the stack's command names it.</param>
    /// <param name="modules">Names of top-level modules.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    public Task LookAsync(string python, IReadOnlyList<string> modules, CancellationToken cancellationToken) =>
        _known.GetOrAdd(Key(python, modules), _ => AskAsync(python, modules)).WaitAsync(cancellationToken);

    /// <summary>What was found.</summary>
    /// <exception cref="InvalidOperationException">when nobody has looked.</exception>
    public PythonEnvironment Known(string python, IReadOnlyList<string> modules) =>
        _known.TryGetValue(Key(python, modules), out var asked) && asked.IsCompletedSuccessfully
            ? asked.Result
            : throw new InvalidOperationException($"nobody has looked at {python} yet: call {nameof(IHost.LookAsync)} first");

    private static string Key(string python, IReadOnlyList<string> modules) => $"{python} {string.Join(' ', modules)}";

    private async Task<PythonEnvironment> AskAsync(string python, IReadOnlyList<string> modules)
    {
        string output;
        try
        {
            output = (await commands.RunAsync(new CommandSpec(python, ["-c", Script, .. modules]) { Timeout = Limit })).Output;
        }
        catch (CommandFailedException e)
        {
            return new PythonEnvironment(python, e.Message, [], "", new Dictionary<string, string>());
        }
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\r').Split('\t')).ToArray();
        return new PythonEnvironment(
            python,
            null,
            [.. lines.Where(l => l.Length == 1).Select(l => l[0])],
            output,
            lines.Where(l => l.Length > 1 && l[1].Length > 0).DistinctBy(l => l[0]).ToDictionary(l => l[0], l => l[1]));
    }
}

/// <param name="Python">The program.</param>
/// <param name="Failure">Why it could not be asked, as the end of a sentence; null where it was.</param>
/// <param name="Missing">The modules that it lacks.</param>
/// <param name="Identity">Whatever tells this Python with these modules from another.</param>
/// <param name="Versions">Version of the interpreter (<c>python</c>) and of every module that has one of its own.</param>
internal sealed record PythonEnvironment(
    string Python, string? Failure, IReadOnlyList<string> Missing, string Identity, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>What the interpreter is called among its modules.</summary>
    public const string Interpreter = "python";

    /// <summary>Whatever tells this Python with some of these modules from another.</summary>
    public string IdentityOf(IReadOnlyList<string> needed) => string.Join('\n', Identity.Split('\n').Where(l =>
        l.Split('\t', '\r')[0] is var module && (module == Interpreter || needed.Contains(module))));

    /// <summary>What it lacks of some modules, as the end of a sentence; null when that is nothing.</summary>
    public string? Problem(IReadOnlyList<string> needed) =>
        Failure is not null ? Failure
        : Missing.Where(needed.Contains).ToArray() is { Length: > 0 } lacking ? $"{Python} has no module {string.Join(", ", lacking)}"
        : null;
}
