using System.Text;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;
using Spectre.Console;

namespace ServeBench.Build.Tests.Terminal;

/// <summary>Standard output that is closed (<c>>&amp;-</c>) or leads to a full disk, and standard error likewise.</summary>
public class GuardedOutputTests
{
    [Fact]
    public void An_output_that_cannot_be_written_is_told_as_what_it_is()
    {
        var screen = new Screen(On(isNeeded: true), On(isNeeded: false));
        var failure = Assert.Throws<RunFailedException>(() => screen.Say("whale"));
        Assert.Contains("Standard output cannot be written: no space", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_errors_cannot_be_shown_nothing_else_fails() => new Screen(On(isNeeded: true), On(isNeeded: false)).Error("whale");

    [Fact]
    public void What_is_no_terminal_gets_no_colours()
    {
        var text = new StringWriter();
        new Screen(GuardedOutput.On(text, isNeeded: true), GuardedOutput.On(text, isNeeded: false)).Error("whale");
        Assert.Equal("whale\n", text.ToString());
    }

    private static IAnsiConsole On(bool isNeeded) => GuardedOutput.On(new FullDisk(), isNeeded);

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("no space");

        public override void Write(string? value) => throw new IOException("no space");
    }
}
