using System.Text;

namespace ServeBench.Processes.Tests;

/// <summary>Looks for running processes by their exact command line (arguments separated by zero bytes).</summary>
internal static class Running
{
    public static IReadOnlyList<int> With(string commandLine)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var text = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/cmdline"));
                if (text.Contains(commandLine, StringComparison.Ordinal) && !text.Contains("/bin/sh", StringComparison.Ordinal)) found.Add(int.Parse(Path.GetFileName(folder)));
            }
            catch (IOException)
            {
                // it has just ended
            }
        }
        return found;
    }

    /// <summary>Waits until no such process is left; fails after ten seconds.</summary>
    public static async Task UntilNoneAsync(string commandLine)
    {
        for (var tries = 0; With(commandLine).Count > 0; tries++)
        {
            Assert.True(tries < 200, $"still running: {string.Join(", ", With(commandLine))}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
