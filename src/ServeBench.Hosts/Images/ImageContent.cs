using System.Text.Json;
using ServeBench.Domain.Storage;
using ServeBench.Hosts.Engines;

namespace ServeBench.Hosts.Images;

/// <summary>What the engine reports of an image.</summary>
/// <param name="Digest">The engine's id of it.</param>
/// <param name="ContentSha256">Over the contents of its layers and what decides how it runs; not over when it was made.</param>
/// <param name="Layers">How many layers it has.</param>
/// <param name="Bytes">Size of the unpacked layers.</param>
/// <param name="RegistryDigest">The registry's digest; null for an image that is from none.</param>
internal sealed record ImageContent(string Digest, string ContentSha256, int Layers, long Bytes, string? RegistryDigest)
{
    private static readonly string[] Deciding = ["Env", "Entrypoint", "Cmd", "User", "WorkingDir"];

    /// <returns>Null when the engine has no such image.</returns>
    public static async Task<ImageContent?> OfAsync(DockerCli docker, string image, CancellationToken cancellationToken) =>
        await docker.InspectAsync("image", image, cancellationToken) is { } answer ? Read(answer) : null;

    internal static ImageContent Read(JsonElement image)
    {
        string[] layers = [.. image.GetProperty("RootFS").GetProperty(nameof(Layers)).EnumerateArray().Select(l => l.GetString()!)];
        using var hash = new ContentHash();
        hash.Add("layers", layers);
        var config = image.GetProperty("Config");
        // Whether nothing is written as null, as an empty list or not at all depends on the version of the docker command.
        foreach (var key in Deciding) hash.Add(key, config.TryGetProperty(key, out var value) ? Texts(value) : []);
        var registry =
            image.TryGetProperty("RepoDigests", out var digests) && digests.ValueKind == JsonValueKind.Array && digests.GetArrayLength() > 0
                ? digests[0].GetString()
                : null;
        return new ImageContent(
            image.GetProperty("Id").GetString()!,
            hash.Finish(),
            layers.Length,
            image.GetProperty("Size").GetInt64(),
            registry?[(registry.IndexOf('@', StringComparison.Ordinal) + 1)..]);
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(v => v.GetString()!),
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => [text],
        _ => [],
    };
}
