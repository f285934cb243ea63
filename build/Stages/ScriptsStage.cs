using ServeBench.Build.Composition;

namespace ServeBench.Build.Stages;

/// <summary>Writes k6 scripts and says where they are and how to run one.</summary>
internal static class ScriptsStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            var (folder, scripts) = await session.ScriptsAsync(context.Cancelled);
            var shown = Path.GetRelativePath(context.Services.Paths.Root, folder);
            context.Screen.Say($"{session.Request.Group}: {scripts.Count} scripts in {shown}");
            foreach (var script in scripts) context.Screen.Say($"  {script}");
            context.Screen.Say($"By hand: k6 run -e HOST=127.0.0.1:8080 {Path.Combine(shown, scripts[0])}");
        }
    }
}
