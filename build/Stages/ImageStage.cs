using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;

namespace ServeBench.Build.Stages;

/// <summary>Builds images: on the way to a run those that it needs, as a target those of every stack asked for.</summary>
internal static class ImageStage
{
    private static readonly string[] Heading = ["stack", "image", "size", "packed", "layers", "built in", "digest"];

    public static Task RunAsync(BuildContext context) => context.IsTarget("Images") ? ShowAsync(context) : PrepareAsync(context);

    private static async Task PrepareAsync(BuildContext context)
    {
        foreach (var session in context.Sessions) await session.PrepareAsync(context.Cancelled);
    }

    private static async Task ShowAsync(BuildContext context)
    {
        var (options, docker) = (context.Options, context.Services.Docker);
        if (docker.Unavailable is { } obstacle) throw new RunFailedException(obstacle.Problem, obstacle.Remedy);
        Stack[] stacks =
        [
            .. context.Services.Catalogue.Stacks.Where(
                s => s.Hosts.ContainsKey(docker.Name)
                    && s.Groups.Any(options.Groups.Contains)
                    && options.Stacks?.Contains(s.Name) != false),
        ];
        var failed = await docker.PrepareAsync(
            stacks, new PrepareOptions(options.Force, options.Offline), context.Services.Observer, context.Cancelled);
        var rows = new List<string[]> { Heading };
        rows.AddRange(stacks
            .Select(s => (s.Name, Image: docker.Image(s)))
            .Where(s => s.Image is not null)
            .Select(s => Row(s.Name, s.Image!)));
        context.Screen.Table(rows, hasHeading: true);
        foreach (var below in stacks.Select(docker.Image).OfType<ImageRecord>().SelectMany(i => i.Bases).Distinct())
            context.Screen.Say($"Base {below.Name}: {below.Origin}, locked at {below.Digest ?? below.ContentSha256}");
        foreach (var (stack, why) in failed) context.Screen.Error($"{stack}: {why.Problem}{Environment.NewLine}{why.Remedy}.");
        if (failed.Count > 0) context.Outcome.Failed();
    }

    private static string[] Row(string stack, ImageRecord image) =>
    [
        stack, image.Name, $"{image.Bytes / 1e6:0.0} MB", image.CompressedBytes is { } packed
            ? $"{packed / 1e6:0.0} MB"
            : "not measured", $"{image.Layers}", image.BuildSeconds is { } seconds ? $"{seconds:0.0} s" : "published",
        image.Digest["sha256:".Length..][..12],
    ];
}
