using System.Runtime.InteropServices;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Weights;

/// <summary>
/// Writes a checkpoint of seeded weights: the names, types and shapes of the published one, and values that anyone can draw
/// again.
/// </summary>
public static class SeededWeights
{
    /// <summary>Changes whenever the values drawn for the same seed would.</summary>
    public const string Version = "1";

    /// <param name="output">Receives the safetensors file.</param>
    /// <param name="tensors">Every tensor of the architecture.</param>
    /// <param name="seed">The model card's weights seed.</param>
    /// <param name="known">Values of some tensors in place of those drawn, by name.</param>
    public static void Write(
        Stream output, IReadOnlyList<TensorSpec> tensors, int seed, IReadOnlyDictionary<string, float[]>? known = null)
    {
        var noises = tensors.Select(t => new SeededNoise(seed, t.Name)).ToArray();
        SafetensorsWriter.Write(output, [.. tensors.Select(t => (t.Name, t.Type, t.Shape))], (t, offset, part) =>
        {
            var first = offset / tensors[t].Type.Size();
            if (known?.GetValueOrDefault(tensors[t].Name) is { } values)
            {
                var singles = MemoryMarshal.Cast<byte, float>(part);
                values.AsSpan((int)first, singles.Length).CopyTo(singles);
                return;
            }
            switch (tensors[t].Seeded)
            {
                case Initialisation.Noise noise when tensors[t].Type == TensorType.F32:
                    noises[t].Fill(noise, first, MemoryMarshal.Cast<byte, float>(part));
                    break;
                case Initialisation.PairedNoise noise when tensors[t].Type == TensorType.F32:
                    noises[t].Fill(noise, first, MemoryMarshal.Cast<byte, float>(part));
                    break;
                case Initialisation.Centred centred when tensors[t].Type == TensorType.F32:
                    noises[t].Fill(new Initialisation.Noise(0, centred.Deviation), first, MemoryMarshal.Cast<byte, float>(part));
                    break;
                case Initialisation.PairedRows noise when tensors[t].Type == TensorType.F32:
                    noises[t].Fill(noise, first, MemoryMarshal.Cast<byte, float>(part));
                    break;
                case Initialisation.Counting when tensors[t].Type == TensorType.I64:
                    var numbers = MemoryMarshal.Cast<byte, long>(part);
                    for (var i = 0; i < numbers.Length; i++) numbers[i] = first + i;
                    break;
                default:
                    throw new NotSupportedException($"{tensors[t].Name}: {tensors[t].Type} cannot be drawn as {tensors[t].Seeded}");
            }
        });
    }
}
