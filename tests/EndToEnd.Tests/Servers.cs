using System.Text;

namespace ServeBench.EndToEnd.Tests;

/// <summary>What the pipeline has started and is still running, by the label in its environment.</summary>
internal static class Servers
{
    public static IReadOnlyList<string> Alive()
    {
        var alive = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var label = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/environ")).Split('\0').FirstOrDefault(v => v.StartsWith("SERVEBENCH_DEPLOYMENT=", StringComparison.Ordinal));
                var state = File.ReadAllText($"{folder}/stat");
                if (label is not null && !state.Contains(") Z", StringComparison.Ordinal)) alive.Add($"{Path.GetFileName(folder)} {label}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // it has just ended, or is another user's
            }
        }
        return alive;
    }

    /// <summary>Waits until none is left: guards need a moment.</summary>
    public static async Task UntilNoneAsync()
    {
        for (var tries = 0; Alive().Count > 0; tries++)
        {
            Assert.True(tries < 1200, $"still running after a minute: {string.Join("; ", Alive())}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
