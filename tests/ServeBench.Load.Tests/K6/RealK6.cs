using ServeBench.Load.K6.Running;
using ServeBench.Processes.Commands;

namespace ServeBench.Load.Tests.K6;

/// <summary>The k6 of this machine: the one that SERVEBENCH_K6 names, or the one on PATH. Tests that need one are skipped without it.</summary>
internal static class RealK6
{
    public static async Task<K6Program> FindAsync()
    {
        var named = Environment.GetEnvironmentVariable("SERVEBENCH_K6");
        var path = named ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, "k6")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "there is no k6 on PATH, and SERVEBENCH_K6 names none");
        return await K6Program.OfProgramAsync(new CommandRunner(), path, "--k6", TestContext.Current.CancellationToken);
    }
}
