using ServeBench.Build.Composition;

namespace ServeBench.Build.Stages;

/// <summary>Makes base images that are missing, and says which were there.</summary>
internal static class BaseImageStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var (name, made) in await context.Services.Docker.MakeBaseImagesAsync(
            context.Services.Catalogue.Stacks, context.Services.Observer, context.Cancelled))
            context.Screen.Say(made ? $"{name}: made from Debian's packages" : $"{name}: there already, and left as it is");
    }
}
