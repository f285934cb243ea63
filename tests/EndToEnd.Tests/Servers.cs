using System.Collections.Concurrent;
using System.Text;

namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// What pipelines of these tests have started and is still running, by the labels in its environment: which deployment it belongs to, and
/// whose that is, because other projects' tests start servers at the same time.
/// </summary>
internal static class Servers
{
    private const string Owner = "SERVEBENCH_OWNER=";

    private static readonly ConcurrentDictionary<int, bool> Pipelines = [];

    /// <summary>Tells of a pipeline that was started.</summary>
    public static void BelongTo(int pipeline) => Pipelines[pipeline] = true;

    public static IReadOnlyList<string> Alive()
    {
        var alive = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var variables = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/environ")).Split('\0');
                if (!variables.Any(v => v.StartsWith(Owner, StringComparison.Ordinal) && IsOurs(v[Owner.Length..]))) continue;
                var label = variables.FirstOrDefault(v => v.StartsWith("SERVEBENCH_DEPLOYMENT=", StringComparison.Ordinal));
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

    /// <param name="owner">Process id and start of the pipeline.</param>
    private static bool IsOurs(string owner) => int.TryParse(owner.Split(':')[0], out var id) && Pipelines.ContainsKey(id);

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
