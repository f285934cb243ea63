using System.Globalization;
using System.Text;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>
/// Not a test: what the pipeline does with every habit, printed and written to artifacts/evidence/habits.md
/// (<c>--target=Evidence --what=habits</c>).
/// </summary>
[Collection("sessions"), Lane("slow")]
public sealed class HabitTable
{
    private readonly StringBuilder _table = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task The_table()
    {
        StandIn.SkipWhereMissing();
        Say("| habit | what comes of it | how it was ended | seconds | left | where its stack.yaml says nothing of it |");
        Say("|---|---|---|---|---|---|");
        foreach (var habit in Habit.All)
        {
            var run = await HabitRun.OfAsync(habit, bare: false, Cancelled);
            var bare = habit.Sections.Length > 0 ? await HabitRun.OfAsync(habit, bare: true, Cancelled) : null;
            Row(habit.Name, run.Verdict, run.Ending, string.Create(CultureInfo.InvariantCulture, $"{run.Seconds:0.0}"), Left(run), Bare(bare));
        }
        foreach (var habit in Habit.UnderLoad) await LoadedAsync(habit, l => l.Outcomes);
        foreach (var habit in Habit.Counting) await LoadedAsync(habit, l => l.Counted);
        var root = Path.GetDirectoryName(Path.GetDirectoryName(StandIn.Bin))!;
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "artifacts", "evidence")).FullName, "habits.md");
        await File.WriteAllTextAsync(file, _table.ToString(), Cancelled);
        TestContext.Current.TestOutputHelper!.WriteLine(file);
    }

    private async Task LoadedAsync(Habit habit, Func<HabitLoad, string> show)
    {
        var said = show(await HabitLoad.OfAsync(habit, bare: false, Cancelled));
        var bare = habit.Sections.Length > 0 ? show(await HabitLoad.OfAsync(habit, bare: true, Cancelled)) : "";
        Row(habit.Name, said, "", "", "", bare);
    }

    private static string Bare(HabitRun? run) => run is null ? ""
        : string.Join("; ", new[] { run.Verdict.Split('\n')[0], run.Ending, Left(run) }.Where(t => t.Length > 0));

    private static string Left(HabitRun run) => string.Join("; ", (string[])
    [
        .. run.Left > 0 ? [$"{run.Left} processes"] : (string[])[],
        .. run.Answers ? ["its port answers"] : (string[])[],
        .. run.Leftovers.Select(f => $"a file in {Path.GetDirectoryName(f)}"),
    ]);

    private void Row(params string[] cells) => Say($"| {string.Join(" | ", cells.Select(Cell))} |");

    /// <summary>Its first line, cut where a table would not hold it.</summary>
    private static string Cell(string text)
    {
        const int most = 240;
        var line = text.Split('\n')[0].Replace("|", "\\|");
        return line.Length > most ? $"{line[..most]}..." : line;
    }

    private void Say(string line)
    {
        _table.AppendLine(line);
        TestContext.Current.TestOutputHelper!.WriteLine(line);
    }
}
