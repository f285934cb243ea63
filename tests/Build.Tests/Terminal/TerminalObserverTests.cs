using ServeBench.Build.Terminal;

namespace ServeBench.Build.Tests.Terminal;

public class TerminalObserverTests
{
    [Fact]
    public void Into_a_pipe_a_step_says_once_that_it_begins()
    {
        using var pipe = new FakeTerminal(null);
        using var observer = new TerminalObserver(pipe.Screen);
        using (var step = observer.Begin("Measuring the ceiling", TimeSpan.FromSeconds(100)))
        {
            step.Report(0.5, "embedding");
            observer.Say("said");
        }
        Assert.Equal(["Measuring the ceiling (about 1 min 40 s)", "said"], pipe.Lines);
    }

    [Fact]
    public async Task On_a_terminal_steps_are_live_with_share_and_time_left_and_leave_nothing_behind()
    {
        using var terminal = new FakeTerminal(80);
        using var observer = new TerminalObserver(terminal.Screen);
        using (var outer = observer.Begin("Loading onnxruntime-dotnet, trial 2 of 3", TimeSpan.FromMinutes(5)))
        using (var inner = observer.Begin("Warming up"))
        {
            inner.Report(0.25, "120 requests/s");
            for (var tries = 0; !terminal.Raw.Contains("120 requests/s", StringComparison.Ordinal); tries++)
            {
                Assert.True(tries < 200, "nothing was drawn within ten seconds");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
            observer.Say("stays");
        }
        Assert.Contains("Loading onnxruntime-dotnet, trial 2 of 3, ", terminal.Raw, StringComparison.Ordinal);
        Assert.Matches("Warming up 25 ?%, [0-9]+ s left \\| 120 requests/s", terminal.Raw);
        Assert.Contains("stays", terminal.Raw, StringComparison.Ordinal);
        // The cursor is hidden while lines are live, and shown again.
        Assert.True(terminal.Raw.LastIndexOf("\u001b[?25h", StringComparison.Ordinal) > terminal.Raw.LastIndexOf("\u001b[?25l", StringComparison.Ordinal));
    }

    [Fact]
    public void Steps_may_follow_each_other()
    {
        using var terminal = new FakeTerminal(80);
        using var observer = new TerminalObserver(terminal.Screen);
        for (var i = 0; i < 3; i++) observer.Begin("A step").Dispose();
        Assert.True(terminal.Screen.IsInteractive);
    }
}
