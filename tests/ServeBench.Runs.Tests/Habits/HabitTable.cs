using System.Text;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>What the pipeline does with every habit, written down; asked for with --explicit only.</summary>
[Collection("sessions"), Lane("slow")]
public sealed class HabitTable
{
    /// <summary>Where it is written, and whether what a folder says of its server is left out.</summary>
    private const string TableFile = "SERVEBENCH_HABITS";
    private const string BareVariable = "SERVEBENCH_HABITS_BARE";

    /// <summary>The table of docs/adding-a-stack.md, as it is on this commit; asked for with --explicit only.</summary>
    [Fact(Explicit = true)]
    public async Task The_table()
    {
        StandIn.SkipWhereMissing();
        var table = new StringBuilder();
        foreach (var habit in Habit.All)
        {
            var run = await HabitRun.OfAsync(
                habit, Environment.GetEnvironmentVariable(BareVariable) is not null, TestContext.Current.CancellationToken);
            string[] wrong =
            [
                .. run.Left > 0 ? [$"{run.Left} processes left"] : (string[])[],
                .. run.Answers ? ["its port still answers"] : (string[])[],
                .. run.Leftovers.Count > 0 ? [$"left {string.Join(", ", run.Leftovers.Select(f => Path.GetDirectoryName(f)))}"] : (string[])[],
            ];
            table.AppendLine($"| {habit.Name} | {run.Verdict.Split('\n')[0]} | {run.Seconds:0.0} s | {string.Join("; ", wrong)} |");
        }
        foreach (var habit in Habit.UnderLoad)
        {
            var verdict = await HabitRun.UnderLoadAsync(
                habit, Environment.GetEnvironmentVariable(BareVariable) is not null, TestContext.Current.CancellationToken);
            table.AppendLine($"| {habit.Name} | {verdict.Split('\n')[0]} | | |");
        }
        await File.WriteAllTextAsync(
            Environment.GetEnvironmentVariable(TableFile) ?? Path.Combine(Path.GetTempPath(), "habits.md"),
            table.ToString(),
            TestContext.Current.CancellationToken);
    }
}
