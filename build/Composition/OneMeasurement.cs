using ServeBench.Build.Options;
using ServeBench.Build.Tasks;
using ServeBench.Domain.Faults;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Composition;

/// <summary>Keeps measurements of one machine apart.</summary>
public static class OneMeasurement
{
    private static readonly OptionDefinition[] DoingNothing = [KnownOptions.Tree, KnownOptions.DryRun, KnownOptions.Description];

    /// <summary>Takes the lock against a second measurement before a target that measures does anything at all.</summary>
    /// <param name="target">What is to be done.</param>
    /// <param name="line">The options: whoever is refused meanwhile reads them.</param>
    /// <param name="file">The file that is the lock; null for this machine's.</param>
    /// <returns>What is to be disposed at the end; null for a target that measures nothing, and where nothing is done.</returns>
    /// <exception cref="RunFailedException">at once, when another measurement is under way; it names that one's process and
    /// command.</exception>
    public static IDisposable? Hold(KnownTask target, CommandLine line, string? file = null) =>
        target.Measures && !DoingNothing.Any(line.IsOn)
            ? MachineLock.Hold(
                Redaction.Of(string.Join(' ', ["./build.sh", $"{KnownOptions.Target.Name}={target.Name}", .. line.OwnArguments])), file)
            : null;
}
