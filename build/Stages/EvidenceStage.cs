using ServeBench.Build.Composition;

namespace ServeBench.Build.Stages;

/// <summary>Runs the program of evidence that was asked for, or all of them.</summary>
internal static class EvidenceStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var program in EvidencePrograms.All.Where(
            p => context.What is null || string.Equals(p.Name, context.What, StringComparison.OrdinalIgnoreCase)))
        {
            context.Screen.Heading($"{program.Name}: {program.What}");
            await program.RunAsync(context);
        }
    }
}
