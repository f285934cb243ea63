using System.Globalization;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Models.Architectures;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Store;

/// <summary>Checks that a checkpoint is the one that the model card describes.</summary>
internal static class CheckpointCheck
{
    private const string Remedy = "Correct the export section of model.yaml (its sizes are those of the checkpoint's config.json)";

    /// <exception cref="RunFailedException">naming everything in the checkpoint's config.json that the card's settings
    /// contradict.</exception>
    public static void Config(string path, IArchitecture architecture, object settings)
    {
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(path));
            var wrong = architecture
                .Configuration(settings)
                .Concat(architecture.Presupposed.Where(p => IsSet(config.RootElement, p.Key)))
                .Where(due => config.RootElement.TryGetProperty(due.Key, out var found) && !Same(found, due.Value))
                .Select(due => $"{due.Key} is {config.RootElement.GetProperty(due.Key)} where {due.Value} is due")
                .ToArray();
            if (wrong.Length > 0) throw new RunFailedException($"{path} contradicts the model card: {string.Join("; ", wrong)}", Remedy);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RunFailedException($"{path} is not a model's configuration: {e.Message}", "Check the files of model.yaml", e);
        }
    }

    /// <exception cref="RunFailedException">naming every tensor that is missing or has another shape.</exception>
    public static void Tensors(TensorDirectory file, IReadOnlyList<TensorSpec> tensors)
    {
        var wrong = new List<string>();
        foreach (var tensor in tensors.Where(t => t.Used))
        {
            var found = file.Find(tensor.Name);
            if (found is null) wrong.Add($"{tensor.Name} is missing");
            else if (!SameShape(found.Shape, tensor.Shape))
                wrong.Add($"{tensor.Name} is {found} where [{string.Join(", ", tensor.Shape)}] is due");
            else if (!found.Type.IsFloating()) wrong.Add($"{tensor.Name} is {found}, where F32, F16, BF16 or F64 can be read");
        }
        if (wrong.Count == 0) return;
        var shown = string.Join("; ", wrong.Take(5)) + (wrong.Count > 5 ? $"; and {wrong.Count - 5} more" : "");
        throw new RunFailedException($"{file.Path} is not a checkpoint of this model: {shown}", Remedy);
    }

    /// <summary>A fully connected layer may be stored as a convolution of one pixel: dimensions of 1 at the end do not count.</summary>
    private static bool SameShape(IReadOnlyList<long> found, IReadOnlyList<long> due)
    {
        var common = Math.Min(found.Count, due.Count);
        return found.Take(common).SequenceEqual(due.Take(common)) && found.Skip(common).Concat(due.Skip(common)).All(d => d == 1);
    }

    private static bool IsSet(JsonElement config, string key) =>
        config.TryGetProperty(key, out var found) && found.ValueKind != JsonValueKind.Null;

    private static bool Same(JsonElement found, object due) => due switch
    {
        bool flag => found.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
        // As numbers, so that 1e-12 is 1E-12.
        int or double =>
            found.ValueKind == JsonValueKind.Number && found.GetDouble() == Convert.ToDouble(due, CultureInfo.InvariantCulture),
        _ => found.ValueKind == JsonValueKind.String && found.ValueEquals((string)due),
    };
}
