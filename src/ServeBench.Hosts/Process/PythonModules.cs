using System.Collections.Concurrent;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Process;

/// <summary>Which modules a Python of this machine lacks. Asked once per program, by looking for them without importing them.</summary>
internal sealed class PythonModules(ICommandRunner commands)
{
    private const string Script = "import importlib.util, sys; print(*[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, string> _problems = new();

    /// <param name="python">The program, as the stack's command names it.</param>
    /// <param name="modules">Names of top-level modules.</param>
    /// <returns>What is missing, as the end of a sentence; empty when nothing is.</returns>
    public string Problem(string python, IReadOnlyList<string> modules) => _problems.GetOrAdd($"{python} {string.Join(' ', modules)}", _ => Ask(python, modules));

    private string Ask(string python, IReadOnlyList<string> modules)
    {
        try
        {
            var missing = commands.Run(new CommandSpec(python, ["-c", Script, .. modules]) { Timeout = Limit }).Output.Trim();
            return missing.Length == 0 ? "" : $"{python} has no module {string.Join(", ", missing.Split(' '))}";
        }
        catch (CommandFailedException e)
        {
            return e.Message;
        }
    }
}
