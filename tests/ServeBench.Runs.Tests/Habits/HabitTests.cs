using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>For every recorded habit of third-party servers the pipeline does the right thing: ready, refused, stopped, gone.</summary>
[Collection("sessions"), Lane("slow")]
public class HabitTests
{
    public static TheoryData<string> All => new(Habit.All.Select(h => h.Name).ToArray());

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_is_known(string name)
    {
        StandIn.SkipWhereMissing();
        var habit = Habit.All.Single(h => h.Name == name);
        var run = await HabitRun.OfAsync(habit, bare: false, TestContext.Current.CancellationToken);
        Assert.Matches(habit.Verdict, run.Verdict);
        Assert.Equal((0, false), (run.Left, run.Answers));
        Assert.Empty(run.Leftovers);
    }

    public static TheoryData<string> UnderLoad => new(Habit.UnderLoad.Select(h => h.Name).ToArray());

    [Theory]
    [MemberData(nameof(UnderLoad))]
    public async Task Each_is_counted_as_what_it_means(string name)
    {
        StandIn.SkipWhereMissing();
        var habit = Habit.UnderLoad.Single(h => h.Name == name);
        Assert.Matches(habit.Verdict, await HabitRun.UnderLoadAsync(habit, bare: false, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("whole-batch", 0, 0)]
    [InlineData("alone", 21, 0)]
    public async Task What_a_bad_item_does_to_its_neighbours_is_seen_and_fails_nothing(string bad, int together, int inOneRequest)
    {
        StandIn.SkipWhereMissing();
        var habit = new Habit("", ["--batch-window=200", $"--bad-item={bad}"], Habit.Ready);
        var record = (await HabitRun.OfAsync(habit, bare: false, TestContext.Current.CancellationToken)).Record;
        Assert.True(record.Parity!.Passed);
        Assert.Null(record.Failure);
        Assert.Equal(
            new IsolationRecord { BadItem = "an empty text", Accepted = [], Together = new(21, together), InOneRequest = new(2, inOneRequest) },
            record.Isolation! with { Accepted = [] });
        Assert.Empty(record.Isolation.Accepted);
    }
}
