using ServeBench.Build.Composition;
using ServeBench.Measurement.Evidence;

namespace ServeBench.Build.Stages;

/// <summary>Something that reports rely on, and the program that proves it.</summary>
/// <param name="Name">As <c>--what</c> names it.</param>
/// <param name="What">One line.</param>
/// <param name="RunAsync">Prints its tables.</param>
/// <param name="Measures">Whether it measures this machine, for minutes: then it runs only when it is named.</param>
internal sealed record EvidenceProgram(string Name, string What, Func<BuildContext, Task> RunAsync, bool Measures = false);

/// <summary>Every program of evidence; a new one is a line here.</summary>
internal static class EvidencePrograms
{
    public static IReadOnlyList<EvidenceProgram> All { get; } =
    [
        new("verdicts", "How often verdicts err when the truth is known, and what they find.", context =>
            Task.Run(() => VerdictEvidence.Tell(context.Screen.Say, context.Cancelled), context.Cancelled)),
        new("compare", "How often the comparison of two runs errs when the truth is known, and what it finds.", context =>
            Task.Run(() => ChangeEvidence.Tell(context.Screen.Say, context.Cancelled), context.Cancelled)),
        new("scale", "What a report on ten million samples takes.", context =>
            Task.Run(() => ScaleEvidence.Tell(context), context.Cancelled)),
        new(
            "aa",
            "How often one of two equal real servers is called better.",
            context => new RealEvidence(context, "aa", 1).TellAsync(),
            Measures: true),
        new(
            "slowdown",
            "How often a real server that is 10 % slower is found.",
            context => new RealEvidence(context, "slowdown", 1.1).TellAsync(),
            Measures: true),
    ];
}
