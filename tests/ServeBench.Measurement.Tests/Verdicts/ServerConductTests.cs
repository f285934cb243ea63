using ServeBench.Domain.Trials;
using ServeBench.Measurement.Tests.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Tests.Verdicts;

/// <summary>What a server does beside answering: leaves its cores, gives way to others, has more threads than cores, is another.</summary>
public class ServerConductTests
{
    /// <summary>The client was crowded out, and by whom is known: it is reported once, and as the server's doing.</summary>
    [Fact]
    public void A_thread_on_the_clients_cores_is_the_servers_doing()
    {
        var record = Facts.Record with
        {
            Client = Facts.Record.Client with { CoresBusy = 0.95, CpuSeconds = 0.1, Cpus = [0] },
            Server = Facts.Record.Server with { Keeping = new CoreKeeping("affinity", 0, 1, [0]) },
        };
        var found = Assert.Single(Check(record));
        Assert.Equal(("server-left-its-cores", Severity.Invalid), (found.Rule, found.Severity));
        Assert.Contains("had to be put back 1 time, from the client's cores (0)", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_on_other_cores_than_the_clients_are_too_much_as_well()
    {
        var found = Assert.Single(Check(OnServer(new CoreKeeping("affinity", 1, 3, [2, 3]))));
        Assert.Contains("had to be put back 3 times, from cores outside both sets (2, 3)", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_were_put_back_before_the_window_spoil_nothing()
    {
        var found = Assert.Single(Check(OnServer(new CoreKeeping("affinity", 1, 0, []))));
        Assert.Equal(("server-put-back", Severity.Note), (found.Rule, found.Severity));
        Assert.StartsWith("a thread of the server had given itself other cores than its own", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_stayed_is_not_spoken_of()
    {
        Assert.Empty(Check(OnServer(new CoreKeeping("affinity", 0, 0, []))));
        Assert.Empty(Check(OnServer(new CoreKeeping("cpuset", 0, 0, []))));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-5, false)]
    [InlineData(15, true)]
    public void A_lower_priority_is_noted(int nice, bool noted)
    {
        var found = Check(Facts.Record with { Processes = [Process("raylet", 0, 0), Process("replica", nice, 1)] });
        if (!noted) Assert.Empty(found);
        else Assert.Contains("1 of the server's 2 processes ran at a lower priority than other stacks' do: replica at nice 15", Assert.Single(found).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void More_computing_threads_than_cores_are_noted(int busy, bool noted)
    {
        var found = Check(Facts.Record with { Processes = [Process("server", 0, busy)] });
        if (!noted) Assert.Empty(found);
        else Assert.Contains("2 of the server's threads computed for 10 % of the window or more, and it had 1 core", Assert.Single(found).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_answered_in_its_place_spoils_the_trial()
    {
        var found = Assert.Single(Check(Facts.Record with { Intruder = "process 7 (old), which is not of this deployment, listens on 127.0.0.1:80" }));
        Assert.Equal(("intruder-answered", Severity.Invalid), (found.Rule, found.Severity));
        Assert.Contains("process 7 (old)", found.Message, StringComparison.Ordinal);
    }

    private static ServerProcessRecord Process(string name, int nice, int busy) => new(1, "main", name, nice, "1", 4, busy, 1, []);

    private static TrialRecord OnServer(CoreKeeping keeping) =>
        Facts.Record with { Server = Facts.Record.Server with { Keeping = keeping } };

    private static IReadOnlyList<Finding> Check(TrialRecord record) => VerdictRules.Check(Facts.Of(Facts.Answered(200, _ => 10), record));
}
