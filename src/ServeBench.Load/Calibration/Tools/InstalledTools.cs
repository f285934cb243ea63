using System.Text.RegularExpressions;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Calibration.Tools;

/// <summary>Finds the load tools of this machine.</summary>
public static partial class InstalledTools
{
    /// <param name="commands">Asks each for its version.</param>
    /// <param name="searchPath">The value of PATH.</param>
    public static async Task<IReadOnlyList<ILoadTool>> FindAsync(ICommandRunner commands, string searchPath, CancellationToken ct)
    {
        var tools = new List<ILoadTool>();
        if (OperatingSystem.IsWindows()) return tools;
        if (Has("wrk")) tools.Add(new WrkTool(commands, await NameAsync("wrk", "-v")));
        if (Has("hey")) tools.Add(new HeyTool(commands, "hey"));
        if (Has("ab")) tools.Add(new AbTool(commands, await NameAsync("ab", "-V")));
        return tools;

        bool Has(string name) =>
            searchPath
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Any(folder => File.Exists(Path.Combine(folder, name)));

        async Task<string> NameAsync(string program, string option)
        {
            // wrk prints its version and then complains that it was given no address.
            var result =
                await commands.TryRunAsync(new CommandSpec(program, option) { Timeout = TimeSpan.FromSeconds(10) }, cancellationToken: ct);
            var version = VersionText().Match(result.Output + result.Error);
            return version.Success ? $"{program} {version.Value}" : program;
        }
    }

    [GeneratedRegex(@"[0-9]+\.[0-9]+(\.[0-9]+)?")]
    private static partial Regex VersionText();
}
