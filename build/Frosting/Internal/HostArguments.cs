using ServeBench.Domain.CommandLines;
using ServeBench.Domain.Faults;

namespace Cake.Frosting.Internal;

/// <summary>The engine's own arguments; what else a program takes it has read itself and keeps to itself.</summary>
internal sealed class HostArguments
{
    private static readonly CommandLineOption TargetOption =
        new("--target", "TASK", "The task to run.", "--target=Default") { Aliases = ["-t"] };
    private static readonly CommandLineOption VerbosityOption =
        new("--verbosity", "LEVEL", "How much the engine says.", "--verbosity=normal") { Aliases = ["-v"] };
    private static readonly CommandLineOption ExclusiveOption =
        new("--exclusive", null, "Without the tasks it depends on.", "--exclusive") { Aliases = ["-e"] };
    private static readonly CommandLineOption DryRunOption =
        new("--dryrun", null, "Only say what would run.", "--dryrun") { Aliases = ["--noop", "--whatif"] };
    private static readonly CommandLineOption TreeOption =
        new("--tree", null, "Show how tasks depend on each other.", "--tree") { Aliases = ["--showtree"] };
    private static readonly CommandLineOption DescriptionOption =
        new("--description", null, "Describe the tasks.", "--description") { Aliases = ["--showdescription"] };

    private static readonly CommandLineOption[] All =
        [TargetOption, VerbosityOption, ExclusiveOption, DryRunOption, TreeOption, DescriptionOption];

    private readonly IReadOnlyList<GivenOption<CommandLineOption>> _given;

    /// <param name="arguments">As the program was given them.</param>
    /// <param name="faults">Gets what is wrong with them.</param>
    public HostArguments(IReadOnlyList<string> arguments, FaultList faults) =>
        _given = ArgumentReader.Read(arguments, All, TargetOption, faults);

    public string Target => Value(TargetOption) ?? "Default";

    /// <summary>The engine's word for how much it says; null where none was given.</summary>
    public string? Verbosity => Value(VerbosityOption);

    public bool IsExclusive => IsOn(ExclusiveOption);

    public bool IsDryRun => IsOn(DryRunOption);

    public bool IsTree => IsOn(TreeOption);

    public bool IsDescription => IsOn(DescriptionOption);

    /// <summary>Every argument by its name without dashes, as tasks ask the engine for them.</summary>
    public ILookup<string, string> ByName =>
        _given.ToLookup(g => g.Option.Flag.TrimStart('-'), g => g.Text, StringComparer.OrdinalIgnoreCase);

    private string? Value(CommandLineOption option) => _given.Where(g => g.Option == option).Select(g => g.Text).FirstOrDefault();

    private bool IsOn(CommandLineOption option) => Value(option) is { } text && text != "false";
}
