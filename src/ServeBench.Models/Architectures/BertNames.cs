using ServeBench.Domain.Faults;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Architectures;

/// <summary>
/// What published checkpoints of BERT's family call the tensors of an encoder: behind the prefix of the model that the encoder
/// is part of (<c>bert.</c>, <c>0.auto_model.</c>, <c>model.</c>), with layer normalisations named as TensorFlow's were (gamma,
/// beta), with DistilBERT's names of the same layers, or left out because another tensor is the same.
/// </summary>
internal static class BertNames
{
    /// <summary>Every encoder has this tensor, and only once; the prefix of its name is that of all.</summary>
    private const string Words = "embeddings.word_embeddings.weight";

    private const string Layers = "encoder.layer.";
    private const string DistilledLayers = "transformer.layer.";

    /// <summary>Parts of a layer: BERT's name, and DistilBERT's.</summary>
    private static readonly (string Bert, string Distilled)[] Parts =
    [
        ("attention.self.query", "attention.q_lin"), ("attention.self.key", "attention.k_lin"), ("attention.self.value", "attention.v_lin"),
        ("attention.output.dense", "attention.out_lin"), ("attention.output.LayerNorm", "sa_layer_norm"),
        ("intermediate.dense", "ffn.lin1"), ("output.dense", "ffn.lin2"), ("output.LayerNorm", "output_layer_norm"),
    ];

    /// <summary>DistilBERT's name of a tensor that has BERT's.</summary>
    public static string Distilled(string name) => Rename(name, Layers, DistilledLayers, p => p.Bert, p => p.Distilled);

    /// <summary>Lets every tensor be found under BERT's name and under DistilBERT's, without prefix.</summary>
    /// <exception cref="RunFailedException">when the checkpoint holds several encoders, or two tensors that are the same one of
    /// the encoder.</exception>
    public static void Alias(TensorDirectory checkpoint)
    {
        var names = checkpoint.Tensors
            .Select(t => (t.Name, Target: t.Name))
            .Concat(checkpoint.Tied.Select(t => (Name: t.Key, Target: t.Value)))
            .ToArray();
        var prefix = PrefixOf(checkpoint, names.Select(n => n.Name));
        foreach (var (name, target) in names)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var plain = Norm(name[prefix.Length..]);
            var bert = Rename(plain, DistilledLayers, Layers, p => p.Distilled, p => p.Bert);
            foreach (var alias in new[] { bert, Distilled(bert) })
            {
                if (checkpoint.TryAlias(alias, target)) continue;
                throw new RunFailedException(
                    $"{checkpoint.Path} holds '{checkpoint.Find(alias)!.Name}' and '{target}', which are both {alias} of the encoder",
                    "Use a checkpoint that holds each tensor once");
            }
        }
    }

    private static string PrefixOf(TensorDirectory checkpoint, IEnumerable<string> names)
    {
        var prefixes = names
            .Where(n => n == Words || n.EndsWith($".{Words}", StringComparison.Ordinal))
            .Select(n => n[..^Words.Length])
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return prefixes.Length <= 1
            ? prefixes.FirstOrDefault("")
            : throw new RunFailedException(
                $"{checkpoint.Path} holds {prefixes.Length} encoders, {string.Join(" and ", prefixes.Select(p => $"'{p}'"))}, "
                    + "and nothing says which is meant",
                "Use a checkpoint of one encoder");
    }

    private static string Norm(string name)
    {
        const string Scale = "LayerNorm.gamma";
        const string Shift = "LayerNorm.beta";
        if (name.EndsWith(Scale, StringComparison.Ordinal)) return $"{name[..^"gamma".Length]}weight";
        return name.EndsWith(Shift, StringComparison.Ordinal) ? $"{name[..^"beta".Length]}bias" : name;
    }

    private static string Rename(
        string name,
        string from,
        string to,
        Func<(string Bert, string Distilled), string> old,
        Func<(string Bert, string Distilled), string> @new)
    {
        if (!name.StartsWith(from, StringComparison.Ordinal)) return name;
        var dot = name.IndexOf('.', from.Length);
        if (dot < 0) return name;
        var rest = name[(dot + 1)..];
        foreach (var part in Parts)
        {
            if (rest.StartsWith($"{old(part)}.", StringComparison.Ordinal))
                return $"{to}{name[from.Length..dot]}.{@new(part)}{rest[old(part).Length..]}";
        }
        return name;
    }
}
