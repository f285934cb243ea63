using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Architectures;

/// <summary>
/// Holds the files in which Sentence Transformers says how token vectors become an embedding against the card: a model that pools in
/// another way, or has a layer more, would be exported without it, and its embeddings be wrong.
/// </summary>
internal static class SentenceTransformersCheck
{
    private const string Modules = "modules.json";
    private const string Pooling = "1_Pooling/config.json";
    private const string Modes = "pooling_mode_";

    private static readonly (string Mode, string Pooling)[] Known = [("mean_tokens", "mean"), ("cls_token", "cls")];

    private static readonly string[] Read = ["Transformer", "Pooling", "Normalize"];

    /// <param name="pooling">How the card says that token vectors are pooled.</param>
    /// <param name="normalises">Whether the card says that embeddings have length 1.</param>
    /// <param name="published">The path of a published file; null where it is not here.</param>
    /// <exception cref="RunFailedException">saying which file says otherwise.</exception>
    public static void Files(string pooling, bool normalises, Func<string, string?> published)
    {
        if (published(Modules) is { } modules) Guarded(modules, root => OfModules(modules, root, normalises));
        if (published(Pooling) is { } pools) Guarded(pools, root => OfPooling(pools, root, pooling));
    }

    private static void OfModules(string path, JsonElement root, bool normalises)
    {
        var types = root.EnumerateArray().Select(m => m.GetProperty("type").GetString()!.Split('.')[^1]).ToArray();
        if (types.FirstOrDefault(t => !Read.Contains(t)) is { } other)
            throw Refused(path, $"the model has a module {other}, and only {string.Join(", ", Read)} are exported", "Use another model");
        if (types.Contains("Normalize") && !normalises)
            throw Refused(path, "its embeddings have length 1, and the card says that they do not", "Set normalise: true in model.yaml");
    }

    private static void OfPooling(string path, JsonElement root, string pooling)
    {
        string[] modes =
        [
            .. root.EnumerateObject()
                .Where(m => m.Name.StartsWith(Modes, StringComparison.Ordinal) && m.Value.ValueKind == JsonValueKind.True)
                .Select(m => m.Name[Modes.Length..]),
        ];
        if (modes.Length == 0) return;
        var asked = modes.Length == 1 ? Known.FirstOrDefault(k => k.Mode == modes[0]).Pooling : null;
        if (asked is null)
            throw Refused(
                path, $"it pools by {string.Join(" and ", modes)}, and one of mean_tokens and cls_token is exported", "Use another model");
        if (asked != pooling)
            throw Refused(path, $"it pools by {modes[0]}, and the card says {pooling}", $"Set pooling: {asked} in model.yaml");
    }

    private static void Guarded(string path, Action<JsonElement> check)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            check(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IOException
            or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{path} is not what Sentence Transformers writes: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    private static RunFailedException Refused(string path, string why, string remedy) =>
        new($"{path} contradicts the model card: {why}", remedy);
}
