namespace ServeBench.Models.Safetensors;

/// <summary>The tensors of a checkpoint by their names, and by the other names that they are looked for under.</summary>
public sealed class TensorDirectory
{
    private readonly Dictionary<string, SafetensorsEntry> _byName;
    private readonly Dictionary<string, SafetensorsEntry> _aliases = new(StringComparer.Ordinal);

    /// <param name="path">The file, for messages.</param>
    /// <param name="tensors">Every tensor, in the order of the data; names are unique.</param>
    /// <param name="metadata">The texts of <c>__metadata__</c>.</param>
    public TensorDirectory(string path, IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        Tensors = tensors;
        _byName = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        // The library leaves one of two equal tensors out, and notes under its name that of the other.
        Tied = metadata
            .Where(m => !_byName.ContainsKey(m.Key) && _byName.ContainsKey(m.Value))
            .ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
    }

    public string Path { get; }

    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>Tensors that are left out because another is the same: their names, with that of the other.</summary>
    public IReadOnlyDictionary<string, string> Tied { get; }

    /// <summary>Lets a tensor be found under another name, too, unless a tensor has that name itself.</summary>
    /// <returns>False when another tensor is found under that name already.</returns>
    public bool TryAlias(string name, string target)
    {
        var found = _byName[target];
        return _byName.ContainsKey(name) || _aliases.TryAdd(name, found) || ReferenceEquals(_aliases[name], found);
    }

    /// <returns>The tensor's entry, or null when there is none of that name.</returns>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name) ?? _aliases.GetValueOrDefault(name);
}
