using System.Net.NetworkInformation;
using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Tests.Habits;

/// <summary>For every recorded habit of third-party servers the pipeline does the right thing: ready, refused, stopped, gone.</summary>
[Collection("sessions"), Lane("slow")]
public class HabitTests
{
    public static TheoryData<string> All => Names(Habit.All);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_is_known(string name)
    {
        StandIn.SkipWhereMissing();
        var habit = Habit.All.Single(h => h.Name == name);
        Assert.SkipWhen(habit.NeedsNetwork && !IsReached(), "nobody else can reach this machine");
        var run = await HabitRun.OfAsync(habit, bare: false, TestContext.Current.CancellationToken);
        Assert.Matches(habit.Verdict, run.Verdict);
        Assert.Matches(habit.Ending, run.Ending);
        Assert.Equal((0, false), (run.Left, run.Answers));
        Assert.Empty(run.Leftovers);
    }

    public static TheoryData<string> UnderLoad => Names(Habit.UnderLoad);

    [Theory]
    [MemberData(nameof(UnderLoad))]
    public async Task Each_is_counted_as_what_it_means(string name)
    {
        StandIn.SkipWhereMissing();
        var habit = Habit.UnderLoad.Single(h => h.Name == name);
        Assert.Matches(habit.Verdict, (await HabitLoad.OfAsync(habit, bare: false, TestContext.Current.CancellationToken)).Outcomes);
    }

    public static TheoryData<string> Counting => Names(Habit.Counting);

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task Its_counters_are_read_as_what_they_are(string name)
    {
        StandIn.SkipWhereMissing();
        var habit = Habit.Counting.Single(h => h.Name == name);
        Assert.Matches(habit.Verdict, (await HabitLoad.OfAsync(habit, bare: false, TestContext.Current.CancellationToken)).Counted);
    }

    [Theory]
    [InlineData("whole-batch", 0, 0)]
    [InlineData("alone", 21, 0)]
    public async Task What_a_bad_item_does_to_its_neighbours_is_seen_and_fails_nothing(string bad, int together, int inOneRequest)
    {
        StandIn.SkipWhereMissing();
        var habit = new Habit("", ["--batch-window=200", $"--bad-item={bad}"], Habit.Ready);
        var record = (await HabitRun.OfAsync(habit, bare: false, TestContext.Current.CancellationToken)).Record!;
        Assert.True(record.Parity!.Passed);
        Assert.Null(record.Failure);
        Assert.Equal(
            new IsolationRecord { BadItem = "an empty text", Accepted = [], Together = new(21, together), InOneRequest = new(2, inOneRequest) },
            record.Isolation! with { Accepted = [] });
        Assert.Empty(record.Isolation.Accepted);
    }

    [Fact]
    public async Task The_times_to_health_to_the_first_answer_and_to_the_first_correct_one_are_all_kept()
    {
        StandIn.SkipWhereMissing();
        var habit = Habit.All.Single(h => h.Switches.Contains("--phases=wrong:0.8,ready"));
        var start = (await HabitRun.OfAsync(habit, bare: false, TestContext.Current.CancellationToken)).Record!.ColdStart!;
        Assert.InRange(start.HealthSeconds!.Value, 0, 0.8);
        Assert.InRange(start.AnsweredSeconds!.Value, start.HealthSeconds.Value, 0.8);
        Assert.InRange(start.Seconds, 0.8, 4);
    }

    private static TheoryData<string> Names(IReadOnlyList<Habit> habits) => new(habits.Select(h => h.Name).ToArray());

    private static bool IsReached() => NetworkInterface.GetAllNetworkInterfaces()
        .Any(i => i is { NetworkInterfaceType: not NetworkInterfaceType.Loopback, OperationalStatus: OperationalStatus.Up or OperationalStatus.Unknown });
}
