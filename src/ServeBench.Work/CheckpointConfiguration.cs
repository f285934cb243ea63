using System.Text.Json;
using System.Text.Json.Nodes;
using ServeBench.Domain.Models;

namespace ServeBench.Work;

/// <summary>
/// config.json with what servers of checkpoints ask for beside the network's sizes: the name of its class in the <c>transformers</c>
/// library, and the precision of the weights.
/// </summary>
public sealed class CheckpointConfiguration : IDerivedFile
{
    private const string FileName = "config.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>By the model_type that the file has.</summary>
    private static readonly Dictionary<string, string> Classes = new()
    {
        ["bert"] = "BertModel",
        ["gpt2"] = "GPT2LMHeadModel",
        ["opt"] = "OPTForCausalLM",
    };

    public string Id => FileName;

    public string Name => FileName;

    public byte[]? Of(ModelArtifact model)
    {
        var path = Path.Combine(model.Folder, FileName);
        if (!File.Exists(path)) return null;
        var configuration = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        if (configuration["model_type"]?.GetValue<string>() is not { } type || !Classes.TryGetValue(type, out var name)) return null;
        configuration["architectures"] = new JsonArray(name);
        configuration["torch_dtype"] = model.Precision == Precisions.Single ? "float32" : "float16";
        return [.. JsonSerializer.SerializeToUtf8Bytes(configuration, Indented), (byte)'\n'];
    }
}
