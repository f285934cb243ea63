using ServeBench.Build.Composition;
using ServeBench.Domain;

namespace ServeBench.Build.Evidence;

/// <summary>Something that reports or documents rely on, and the program that shows it.</summary>
/// <param name="Name">As <c>--what</c> names it.</param>
/// <param name="What">One line.</param>
/// <param name="Takes">About how long, on two cores.</param>
/// <param name="RunAsync">Prints its tables.</param>
internal sealed record EvidenceProgram(string Name, string What, string Takes, Func<BuildContext, Task> RunAsync)
{
    /// <summary>Whether it computes and does not measure this machine: then it runs when none is named.</summary>
    public bool IsComputed { get; init; }

    /// <summary>The tests that show it; null where the program itself does.</summary>
    public TestEvidence? Tests { get; init; }

    /// <summary>What tests show.</summary>
    public static EvidenceProgram Of(string name, string what, string takes, TestEvidence tests) =>
        new(name, what, takes, tests.TellAsync) { Tests = tests };
}

/// <summary>Programs of evidence about one thing; each is one class with a public parameterless constructor, found by reflection.</summary>
internal interface IEvidence
{
    IReadOnlyList<EvidenceProgram> Programs { get; }
}

/// <summary>Every program of evidence.</summary>
internal static class EvidencePrograms
{
    public static IReadOnlyList<EvidenceProgram> All { get; } =
        [.. Plugins.Of<IEvidence>(e => e.GetType().Name).SelectMany(e => e.Programs)];
}
