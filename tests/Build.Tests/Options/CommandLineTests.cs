using ServeBench.Build.Options;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Tests.Options;

public class CommandLineTests
{
    private readonly FaultList _faults = [];

    private CommandLine Parse(params string[] arguments) => CommandLine.Parse(arguments, _faults);

    [Fact]
    public void Both_spellings_of_values_aliases_and_switches_are_read()
    {
        var line = Parse("--group=embeddings", "--profile", "smoke", "-t", "Load", "--force", "--tree=false", "--STACK=a,b");
        Assert.Empty(_faults);
        Assert.Equal("embeddings", line.Value(KnownOptions.Group));
        Assert.Equal("smoke", line.Value(KnownOptions.Profile));
        Assert.Equal("Load", line.Value(KnownOptions.Target));
        Assert.Equal("a,b", line.Value(KnownOptions.Stack));
        Assert.True(line.IsOn(KnownOptions.Force));
        Assert.False(line.IsOn(KnownOptions.Tree));
        Assert.Equal(["--target=Load"], line.EngineArguments);
        Assert.Equal(["--group=embeddings", "--profile=smoke", "--force", "--stack=a,b"], line.OwnArguments);
    }

    [Fact]
    public void Every_fault_comes_at_once_with_the_nearest_name()
    {
        Parse("--gruop=x", "--profle", "smoke", "stray", "--force=maybe", "--seed", "--seed=1", "--seed=2", "--trials=");
        Assert.Equal(["--gruop", "--profle", "command line", "--force", "--seed", "--seed", "--trials"], _faults.Select(f => f.Where));
        Assert.Equal("Did you mean --group?", _faults[0].Remedy);
        Assert.Equal("Did you mean --profile?", _faults[1].Remedy);
        Assert.Contains("twice", _faults[5].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_switch_takes_no_value()
    {
        var line = Parse("--force", "--offline=false");
        Assert.Empty(_faults);
        Assert.True(line.IsOn(KnownOptions.Force));
        Assert.Equal(["--force", "--offline=false"], line.OwnArguments);
        Assert.Equal("--force", KnownOptions.Force.Usage);
        Parse("--force=invalid");
        Assert.Equal(("this is a switch and takes no value, not 'invalid'", "Write --force"), (Assert.Single(_faults).Problem, _faults[0].Remedy));
    }

    [Fact]
    public void Every_option_has_help_and_a_working_example()
    {
        Assert.NotEmpty(KnownOptions.All);
        foreach (var option in KnownOptions.All)
        {
            Assert.True(option.Help.Length >= 10, option.Name);
            var line = Parse(option.Example);
            Assert.Empty(_faults);
            Assert.True(line.Has(option), option.Name);
        }
        Assert.Equal(KnownOptions.All.Count, KnownOptions.All.SelectMany(o => (string[])[o.Name, .. o.Aliases]).Distinct().Count() - KnownOptions.All.Sum(o => o.Aliases.Count));
    }
}
