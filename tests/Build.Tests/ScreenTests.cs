using ServeBench.Build.Terminal;

namespace ServeBench.Build.Tests;

public sealed class ScreenTests
{
    [Fact]
    public void No_secret_is_shown()
    {
        var (shown, before, errors) = (new StringWriter(), Console.Out, Console.Error);
        try
        {
            Console.SetOut(TextWriter.Synchronized(shown));
            Console.SetError(TextWriter.Synchronized(shown));
            using var screen = new Screen();
            screen.Say("from http://user:pl4nted@host/");
            screen.Warn("HF_TOKEN=pl4nted was refused");
            screen.Error("Authorization: Bearer pl4nted00");
            screen.Table([["tcp://user:pl4nted@host"]]);
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errors);
        }
        Assert.Contains("[redacted]", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pl4nted", shown.ToString(), StringComparison.Ordinal);
    }
}
