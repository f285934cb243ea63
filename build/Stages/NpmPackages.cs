using ServeBench.Build.Composition;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Stages;

/// <summary>
/// The npm packages that some tests need: types for k6 scripts, and a client that nobody here wrote. Nothing else uses them,
/// so where there is no Node 20 with npm they are left out and those tests are skipped.
/// </summary>
internal static class NpmPackages
{
    /// <summary>Installs what package-lock.json names, unless that is there.</summary>
    /// <returns>Null when they are there, else why not.</returns>
    public static async Task<string?> InstallAsync(BuildContext context)
    {
        var root = context.Services.Paths.Root;
        var wanted = new FileInfo(Path.Combine(root, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(context.Services.Paths.NodeModules, ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc) return null;
        var node = await TryAsync(context, "node", "--version");
        if (node?.Output.Trim().TrimStart('v').Split('.')[0] is not { } major || !int.TryParse(major, out var version))
            return "there is no Node here";
        if (version < 20) return $"the Node here is {node.Output.Trim()} and 20 is needed";
        using var step = context.Services.Observer.Begin("Installing npm packages");
        var result = await TryAsync(context, "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit");
        if (result is null) return "there is no npm here";
        return result.ExitCode == 0 ? null : $"npm ci failed: {result.Error.Trim()}";
    }

    private static async Task<CommandResult?> TryAsync(BuildContext context, string program, params string[] arguments)
    {
        var command =
            new CommandSpec(program, arguments) { WorkingDirectory = context.Services.Paths.Root, Timeout = TimeSpan.FromMinutes(5) };
        try
        {
            return await context.Services.Commands.TryRunAsync(command, cancellationToken: context.Cancelled);
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }
}
