using System.Diagnostics;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>Runs the built program and reads what it writes.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Repository.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    /// <summary>Waits for its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> ToEndAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Waits until it listens, ends it with SIGTERM, and waits for its end.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Output, string Errors)> StartedAsync(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        using var process = Start(["--urls=http://127.0.0.1:0", .. arguments]);
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            var lines = new List<string>();
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                lines.Add(line);
                if (!line.Contains("Listening on", StringComparison.Ordinal)) continue;
                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                await kill.WaitForExitAsync();
            }
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, lines, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
