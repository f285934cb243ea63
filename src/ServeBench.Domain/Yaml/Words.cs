namespace ServeBench.Domain.Yaml;

/// <summary>The words of a catalogue file that stand for the values of a type.</summary>
/// <param name="words">Each word with what it stands for.</param>
internal sealed class Words<T>(params (string Word, T Value)[] words)
{
    private readonly string[] _known = [.. words.Select(w => w.Word)];

    /// <summary>The value under a key; the first after a fault.</summary>
    public T Required(YamlMapping section, string key) => ValueOf(section.OneOf(key, _known));

    /// <summary>The value under a key; another where the key is absent.</summary>
    public T Optional(YamlMapping section, string key, T otherwise)
    {
        if (section.Has(key)) return Required(section, key);
        section.Node(key);
        return otherwise;
    }

    private T ValueOf(string word) => words.Where(w => w.Word == word).Select(w => w.Value).FirstOrDefault(words[0].Value);
}
