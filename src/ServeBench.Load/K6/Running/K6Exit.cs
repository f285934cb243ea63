using ServeBench.Domain.Faults;

namespace ServeBench.Load.K6.Running;

/// <summary>What k6's exit codes mean (errext/exitcodes/codes.go).</summary>
internal static class K6Exit
{
    /// <summary>Thresholds are for people who run a script by hand; here the verdict rules decide.</summary>
    public const int ThresholdsFailed = 99;

    public const int CannotStartRestApi = 106;

    private const string MendScript = "Mend the script, or write it again with --target=Scripts";

    /// <param name="code">The exit code.</param>
    /// <param name="errors">What k6's log says went wrong, one per line; may be empty.</param>
    /// <param name="logFile">Where the whole log lies.</param>
    /// <returns>What went wrong, with the remedy; null when the raw output can be used.</returns>
    public static RunFailedException? Failure(int code, IReadOnlyList<string> errors, string logFile)
    {
        if (code is 0 or ThresholdsFailed) return null;
        var (what, remedy) = code switch
        {
            97 or 98 => ("its cloud run failed", "ServeBench runs k6 on this machine only: take cloud options out of the script"),
            100 => ("the script's setup() took too long", MendScript),
            101 => ("the script's teardown() took too long", MendScript),
            102 => ("it gave up waiting", "Run it again on a quieter machine"),
            103 => ("somebody stopped it through its REST API", "Leave it alone while it measures"),
            104 => ("it does not accept the options", MendScript),
            105 => ("a signal ended it", "Leave it alone while it measures"),
            CannotStartRestApi =>
                ("it could not open the port of its REST API", "Another program took that port in the same moment: run it again"),
            107 => ("the script threw", MendScript),
            108 => ("the script aborted the test", MendScript),
            109 => ("it panicked", "Report that to its authors with the log; --driver=native does not need k6"),
            110 => ("the script marked the test as failed", MendScript),
            _ => ("it failed", "See the log; --driver=native does not need k6"),
        };
        var evidence = errors.Count == 0
            ? ""
            : Environment.NewLine + string.Join(Environment.NewLine, errors.Take(5).Select(e => $"    {e}"));
        return new RunFailedException($"k6 ended with code {code}: {what} (log: {logFile}){evidence}", remedy);
    }
}
