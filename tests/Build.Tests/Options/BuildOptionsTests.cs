using ServeBench.Build.Composition;
using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Tests.Options;

/// <summary>Against the catalogue of this repository.</summary>
public sealed class BuildOptionsTests : IDisposable
{
    private readonly Screen _screen = new();
    private readonly FaultList _faults = [];

    public void Dispose() => _screen.Dispose();

    private BuildOptions Read(params string[] arguments)
    {
        using var services = new ProgramServices(RepositoryPaths.Find(), _screen);
        return services.Read(CommandLine.Parse(arguments, _faults), _faults)!;
    }

    [Fact]
    public void Without_options_the_defaults_stand()
    {
        var options = Read();
        Assert.Empty(_faults);
        Assert.Contains("embeddings", options.Groups);
        Assert.Null(options.Stacks);
        Assert.Null(options.Models);
        Assert.Equal(("process", "native", "quick", "auto", (long?)null, "latest"), (options.Host, options.Driver, options.Profile, options.Weights, options.Seed, options.Run));
        Assert.EndsWith(Path.Combine("reports", "runs"), options.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_star_is_everything_and_a_list_is_what_it_names()
    {
        var options = Read("--stack=*", "--workload=mixed-length, sequence-128", "--trials=5", "--seed=7");
        Assert.Empty(_faults);
        Assert.Null(options.Stacks);
        string[] all = ["all-MiniLM-L6-v2", "gpt2", "mobilenet-v2", "mobilenet-v3-small", "opt-125m", "resnet50", "sentence-bert-base", "snowflake-arctic-embed-xs"];
        Assert.Equal(all, Read("--model=*").Models);
        Assert.Empty(_faults);
        Assert.Equal(["mixed-length", "sequence-128"], options.Workloads);
        Assert.Equal((5, 7L), (options.Trials, options.Seed));
    }

    [Theory]
    [InlineData("--host=docker", "docker")]
    [InlineData("--host=auto", "auto")]
    public void A_host_may_be_named_or_left_open(string option, string host)
    {
        Assert.Equal(host, Read(option).Host);
        Assert.Empty(_faults);
    }

    [Fact]
    public void Tracks_are_two()
    {
        Assert.Null(Read("--track=*").Tracks);
        Assert.Equal(["tuned"], Read("--track=tuned").Tracks);
        Assert.Empty(_faults);
        Read("--track=tund");
        Assert.Contains("Did you mean tuned?", Assert.Single(_faults).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_value_is_told_at_once_with_the_nearest()
    {
        Read("--group=embedings", "--stack=*,onnxruntime-dotnt,nothing", "--profile=qick", "--host=dcoker", "--driver=k7", "--weights=trained", "--trials=51", "--seed=0", "--scenario=swep");
        Assert.Equal(
            ["--driver", "--group", "--host", "--profile", "--scenario", "--seed", "--stack", "--stack", "--trials", "--weights"],
            _faults.Select(f => f.Where).Order(StringComparer.Ordinal));
        Assert.Contains("Did you mean embeddings?", _faults[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("Did you mean onnxruntime-dotnet?", _faults[1].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_k6_is_asked_for() => Assert.Equal("k6", Read("--k6=/somewhere/k6").Driver);

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("--force", true, false)]
    [InlineData("--force=false", false, false)]
    [InlineData("--reuse=any", false, true)]
    [InlineData("--reuse=comparable", false, false)]
    public void What_is_stored_is_reused_where_it_is_comparable_unless_something_else_is_asked(string? option, bool force, bool any)
    {
        var options = Read(option is null ? [] : [option]);
        Assert.Empty(_faults);
        Assert.Equal((force, any), (options.Force, options.ReuseAny));
        // The same run is repeated, or gone on with, without it.
        Assert.DoesNotContain("--force", options.Command("embeddings"), StringComparison.Ordinal);
        Assert.DoesNotContain("--reuse", options.Command("embeddings"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_that_repeats_a_run_leaves_out_what_must_not_be_repeated() =>
        Assert.Equal("./build.sh --target=Benchmark --group=embeddings --profile=smoke --seed=3",
            Read("--group=embeddings", "--profile=smoke", "--force", "--run=latest", "--seed=3").Command("embeddings"));
}
