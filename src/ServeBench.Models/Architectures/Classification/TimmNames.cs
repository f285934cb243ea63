using ServeBench.Domain.Faults;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>Lets the tensors of checkpoints in timm's names be found under torchvision's.</summary>
public static class TimmNames
{
    /// <param name="Timm">Prefix of a layer's tensors in timm.</param>
    /// <param name="Torchvision">The same in torchvision.</param>
    public sealed record Rename(string Timm, string Torchvision);

    /// <exception cref="RunFailedException">when the checkpoint has tensors in both names that are the same one.</exception>
    public static void Alias(TensorDirectory checkpoint, IReadOnlyList<Rename> renames)
    {
        var byTimm = renames.ToDictionary(r => r.Timm, r => r.Torchvision, StringComparer.Ordinal);
        foreach (var name in checkpoint.Tensors.Select(t => t.Name).ToArray())
        {
            var dot = name.LastIndexOf('.');
            if (dot < 0 || !byTimm.TryGetValue(name[..dot], out var torchvision)) continue;
            if (checkpoint.TryAlias($"{torchvision}{name[dot..]}", name)) continue;
            throw new RunFailedException(
                $"{checkpoint.Path} holds '{name}' and another tensor that are both {torchvision}{name[dot..]} of the network",
                "Use a checkpoint that holds each tensor once");
        }
    }
}
