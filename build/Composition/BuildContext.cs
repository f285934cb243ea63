using Cake.Core;
using Cake.Frosting;
using ServeBench.Build.Options;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Storage;
using ServeBench.Runs;

namespace ServeBench.Build.Composition;

/// <param name="Value">Options as checked before the engine started; null for targets that need no catalogue.</param>
/// <param name="Runs">Where runs are.</param>
/// <param name="Lane">The tests that Test runs: a name of <see cref="Stages.TestLanes"/>.</param>
/// <param name="What">What Evidence is to prove; null for everything.</param>
/// <param name="Compare">What Compare is asked.</param>
public sealed record RequestedOptions(BuildOptions? Value, RunPlace Runs, string Lane, string? What = null, CompareRequest? Compare = null);

/// <summary>What tasks are given: the services, the checked options, and one benchmark session per group.</summary>
public sealed class BuildContext(
    ICakeContext context, ProgramServices services, RequestedOptions options, ProgramOutcome outcome, Interruption interruption)
    : FrostingContext(context)
{
    private IReadOnlyList<BenchmarkSession>? _sessions;

    public ProgramServices Services { get; } = services;

    /// <exception cref="InvalidOperationException">when the target was declared not to need the catalogue.</exception>
    public BuildOptions Options => options.Value ?? throw new InvalidOperationException("this target was not given its options");

    /// <summary>Where runs are, and which is meant.</summary>
    public RunPlace Runs => options.Runs;

    /// <summary>The tests that Test runs: a name of <see cref="Stages.TestLanes"/>.</summary>
    public string Lane => options.Lane;

    /// <summary>What Evidence is to prove; null for everything.</summary>
    public string? What => options.What;

    /// <summary>What Compare is asked.</summary>
    public CompareRequest Compare => options.Compare ?? throw new InvalidOperationException("nothing was said of what to compare");

    public ProgramOutcome Outcome { get; } = outcome;

    public Screen Screen => Services.Screen;

    /// <summary>Cancelled by Ctrl+C and SIGTERM.</summary>
    public CancellationToken Cancelled => interruption.Token;

    /// <summary>The runs that this program has measured or found complete.</summary>
    public List<RunFolder> Loaded { get; } = [];

    /// <summary>Whether a task is what the user asked for, rather than a step on the way: only then does it show all it knows.</summary>
    public bool IsTarget(string task) => string.Equals(Arguments.GetArgument("target"), task, StringComparison.OrdinalIgnoreCase);

    /// <summary>One session for each group asked for; tasks of one program share what it has done.</summary>
    /// <remarks>Tasks reach for sessions as a property; only asking k6 for its version, or fetching it, takes any time here.</remarks>
    public IReadOnlyList<BenchmarkSession> Sessions =>
        _sessions ??= BenchmarkSessions.OpenAsync(Services, Options, Cancelled).GetAwaiter().GetResult();
}
