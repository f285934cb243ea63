using ServeBench.Build.Composition;
using ServeBench.Build.Evidence;

namespace ServeBench.Build.Stages;

/// <summary>Runs the program of evidence that was asked for, or all that only compute.</summary>
internal static class EvidenceStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var program in EvidencePrograms.All.Where(p => IsAsked(p, context.What)))
        {
            context.Screen.Heading($"{program.Name}: {program.What} About {program.Takes}.");
            await program.RunAsync(context);
        }
    }

    private static bool IsAsked(EvidenceProgram program, string? what) =>
        what is null ? program.IsComputed : string.Equals(program.Name, what, StringComparison.OrdinalIgnoreCase);
}
