using ServeBench.Build.Terminal;
using Spectre.Console;

namespace ServeBench.Build.Tests.Terminal;

public class ScreenTests
{
    private const string Long = "      A sentence of help that stands below its option and is so long that eighty columns do not hold it whole, nor twice that.";

    private static readonly string[][] Findings =
    [
        ["state", "what", "found"],
        ["ok", "host process", "available"],
        ["MISSING", "onnxruntime-dotnet on docker", "the image cannot be built here, because no registry is reached and there is no base image on this machine"],
    ];

    [Fact]
    public void Into_a_pipe_lines_are_whole_and_nothing_controls_a_terminal()
    {
        using var pipe = new FakeTerminal(null);
        pipe.Screen.Heading("Groups");
        pipe.Screen.Say(Long);
        pipe.Screen.Warn("Beware");
        pipe.Screen.Table(Findings, hasHeading: true, indent: 2);
        Assert.DoesNotContain('\u001b', pipe.Raw);
        Assert.Equal(
        [
            "Groups",
            Long,
            "Beware",
            "  state    what                          found",
            "  ok       host process                  available",
            $"  MISSING  onnxruntime-dotnet on docker  {Findings[2][2]}",
        ], pipe.Lines);
    }

    [Fact]
    public void On_a_narrow_terminal_a_long_line_goes_on_below_its_first_word()
    {
        using var terminal = new FakeTerminal(80);
        terminal.Screen.Say(Long);
        Assert.Equal(2, terminal.Lines.Count);
        Assert.All(terminal.Lines, l => Assert.Matches("^      [a-zA-Z]", l));
        Assert.All(terminal.Lines, l => Assert.InRange(l.TrimEnd().Length, 20, 80));
        Assert.Equal(Long.Trim(), string.Join(' ', terminal.Lines.Select(l => l.Trim())));
    }

    [Fact]
    public void On_a_narrow_terminal_texts_wrap_inside_their_column_and_words_stay_whole()
    {
        using var terminal = new FakeTerminal(80);
        terminal.Screen.Table(Findings, hasHeading: true);
        Assert.All(terminal.Lines, l => Assert.InRange(l.Length, 1, 80));
        Assert.StartsWith("MISSING", terminal.Lines[2], StringComparison.Ordinal);
        Assert.All(terminal.Lines.Skip(3), l => Assert.StartsWith(new string(' ', "MISSING  ".Length), l, StringComparison.Ordinal));
        Assert.Equal(
            Findings[2][2].Split(' ').Distinct().Order(StringComparer.Ordinal),
            terminal.Lines.Skip(2).SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Except(["MISSING", "onnxruntime-dotnet", "docker"]).Append("on").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_table_that_cannot_fit_has_its_rows_wrapped_and_no_word_cut()
    {
        using var terminal = new FakeTerminal(40);
        string[][] rows = [["model", "precision", "weights", "parameters", "took"], ["all-MiniLM-L6-v2", "fp32", "seeded", "22.6 M", "0.84 s"]];
        terminal.Screen.Table(rows, hasHeading: true);
        Assert.All(terminal.Lines, l => Assert.InRange(l.Length, 1, 40));
        Assert.Equal(rows.SelectMany(r => r).SelectMany(c => c.Split(' ')), terminal.Lines.SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Colours_tell_verdicts_apart_unless_the_terminal_has_none()
    {
        using var coloured = new FakeTerminal(80);
        using var plain = new FakeTerminal(80, ColorSystemSupport.NoColors);
        foreach (var terminal in (FakeTerminal[])[coloured, plain]) terminal.Screen.Table(Findings);
        Assert.Matches("\u001b\\[38;5;9mMISSING", coloured.Raw);
        Assert.DoesNotContain("38;5", plain.Raw, StringComparison.Ordinal);
        Assert.Equal(coloured.Lines, plain.Lines);
    }

    [Fact]
    public void Errors_go_to_standard_error_when_the_output_is_piped()
    {
        using var pipe = new FakeTerminal(null);
        pipe.Screen.Error("--gruop: no option has this name");
        Assert.Equal(("", "--gruop: no option has this name\n"), (pipe.Raw, pipe.Errors.ReplaceLineEndings("\n")));
    }

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
