using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Images;

/// <summary>
/// Publishes programs of this repository for images, by their own publish profile <c>small</c>: self-contained, trimmed, compiled
/// ahead of time.
/// </summary>
internal sealed class ProgramPublisher(ICommandRunner commands, ImageFolders folders)
{
    private const string Profile = "small";

    /// <summary>What the profile calls it when it is to bring .NET's runtime along.</summary>
    private const string NoLinker = "none";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Publishes a project unless its present state has been published.</summary>
    /// <returns>The folder that holds it, and nothing else.</returns>
    /// <exception cref="RunFailedException">when it cannot be built.</exception>
    public async Task<string> EnsureAsync(string project, string runtime, IRunObserver observer, CancellationToken cancellationToken)
    {
        var source = Path.Combine(folders.Repository, "src", project, $"{project}.csproj");
        var built = Path.Combine(folders.Programs, project, "release");
        var profile = Path.Combine(Path.GetDirectoryName(source)!, "Properties", "PublishProfiles", $"{Profile}.pubxml");
        if (!File.Exists(source) || !File.Exists(profile) || !Directory.Exists(built))
            throw new RunFailedException(
                $"there is no built program {project} with a publish profile {Profile} in this repository",
                "Name one of src/ under publish in stack.yaml, and run ./build.sh so that it is built");

        // What was built decides what is published, together with how. The SDK brings its own runtime and compilers.
        var sdk =
            (await commands.RunAsync(
                new CommandSpec("dotnet", "--version") { WorkingDirectory = folders.Repository },
                cancellationToken: cancellationToken)).Output.Trim();
        string Target(string linker)
        {
            using var hash = new ContentHash();
            var key = hash
                .Add("built", ContentHash.OfFolder(built, name => !name.EndsWith(".pdb", StringComparison.Ordinal)))
                .Add("project", ContentHash.OfFile(source))
                .Add("profile", ContentHash.OfFile(profile))
                    .Add("properties", ContentHash.OfFile(Path.Combine(folders.Repository, "Directory.Build.props")))
                    .Add("runtime", runtime)
                    .Add("linker", linker)
                    .Add("sdk", sdk)
                    .Finish();
            return Path.Combine(folders.Published, $"{project}-{key[..12]}");
        }

        if (await NativeLinker.FindAsync(commands, runtime, cancellationToken) is { } native)
        {
            try
            {
                var published = await PublishAsync(project, source, runtime, native, Target(native), observer, cancellationToken);
                var asked = CLibrary.AskedForBy(Path.Combine(published, project));
                if (asked is null || asked <= CLibrary.OfImages) return published;
                observer.Warn(
                    $"{project} as one native program would need version {asked} of the C library, which this machine has and its image, "
                        + $"with {CLibrary.OfImages}, has not; so the image brings .NET's runtime along: larger, and slower to start. "
                        + $"{CLibrary.Remedy}");
            }
            catch (CommandFailedException e)
            {
                // The compiler for native programs is a package of its own, which a feed may lack.
                observer.Warn(
                    $"{project} could not be published as one native program, so its image brings .NET's runtime along: "
                        + $"larger, and slower to start. {e.Message}");
            }
        }
        try
        {
            return await PublishAsync(project, source, runtime, NoLinker, Target(NoLinker), observer, cancellationToken);
        }
        catch (CommandFailedException e)
        {
            throw new RunFailedException(
                $"{project} could not be published: {e.Message}",
                "Mend what the compiler says; ./build.sh builds without publishing",
                e);
        }
    }

    private async Task<string> PublishAsync(
        string project,
        string source,
        string runtime,
        string linker,
        string target,
        IRunObserver observer,
        CancellationToken cancellationToken)
    {
        if (Directory.Exists(target)) return target;
        using var step = observer.Begin($"Publishing {project} for its image", TimeSpan.FromSeconds(45));
        var temporary = $"{target}.{Environment.ProcessId}.tmp";
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        var command = new CommandSpec(
            "dotnet",
            "publish",
            source,
            "--configuration=Release",
            $"--runtime={runtime}",
            $"-p:PublishProfile={Profile}",
            $"-p:NativeLinker={linker}",
            "-p:ForImage=true",
            $"-p:ArtifactsPath={folders.PublishingBuild}",
            $"--output={temporary}",
            "-nologo",
            "-v:quiet") { Timeout = Limit, WorkingDirectory = folders.Repository };
        await commands.RunAsync(command, cancellationToken: cancellationToken);
        Directory.Move(temporary, target);
        return target;
    }
}
