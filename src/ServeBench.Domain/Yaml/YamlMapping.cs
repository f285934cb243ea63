using System.Globalization;
using ServeBench.Domain.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ServeBench.Domain.Yaml;

/// <summary>
/// A mapping that is read strictly: every accessor names a key, checks its type and limits, and adds a fault with file, line
/// and key when it does not fit; <see cref="Done"/> faults whatever key nobody asked for. Accessors return a harmless default
/// after adding a fault, so that reading goes on and every fault of a file is found in one pass.
/// </summary>
public sealed class YamlMapping
{
    private readonly YamlMappingNode _node;
    private readonly FaultList _faults;
    private readonly Dictionary<string, YamlNode> _entries = [];
    private readonly HashSet<string> _asked = [];

    internal YamlMapping(string file, string path, YamlMappingNode node, FaultList faults)
    {
        File = file;
        Path = path;
        _node = node;
        _faults = faults;
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name }) _entries[name] = value;
            else AddFault(LineOf(key), path, "a key must be a plain word");
        }
    }

    /// <summary>The file's name as faults show it.</summary>
    public string File { get; }

    /// <summary>Where the file lies, for a whole file that names others beside it; null elsewhere.</summary>
    public string? Folder { get; internal init; }

    /// <summary>The key path of this mapping inside the file; empty at the top.</summary>
    public string Path { get; }

    /// <summary>One-based line of the mapping's first key.</summary>
    public int Line => LineOf(_node);

    /// <summary>The keys as written, in the file's order.</summary>
    public IReadOnlyCollection<string> Keys => _entries.Keys;

    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>The underlying node of a key whose shape is free (a JSON body template); null when absent.</summary>
    public YamlNode? Node(string key)
    {
        _asked.Add(key);
        return _entries.GetValueOrDefault(key);
    }

    /// <summary>Required text. Numbers and booleans must be quoted to count as text.</summary>
    public string Text(string key) => RequiredScalar(key, "text") is { } scalar ? TextOf(scalar, key) : "";

    public string? OptionalText(string key) => Has(key) ? Text(key) : Asked<string?>(key, null);

    /// <summary>Required text that must be one of the known names; the fault names the nearest.</summary>
    public string OneOf(string key, IReadOnlyCollection<string> known)
    {
        if (RequiredScalar(key, $"one of {string.Join(", ", known)}") is not { } scalar) return "";
        var value = scalar.Value ?? "";
        if (known.Contains(value)) return value;
        AddFault(LineOf(scalar), Child(key), $"'{value}' is not known here", NearestName.Remedy(value, known));
        return "";
    }

    public string OptionalOneOf(string key, IReadOnlyCollection<string> known, string otherwise) =>
        Has(key) ? OneOf(key, known) : Asked(key, otherwise);

    public bool Flag(string key, bool otherwise)
    {
        if (!Has(key)) return Asked(key, otherwise);
        var scalar = RequiredScalar(key, "true or false");
        if (scalar is { Style: ScalarStyle.Plain, Value: "true" }) return true;
        if (scalar is { Style: ScalarStyle.Plain, Value: "false" }) return false;
        if (scalar is not null) AddFault(LineOf(scalar), Child(key), $"'{scalar.Value}' is neither true nor false");
        return otherwise;
    }

    /// <summary>Required whole number within limits, both included.</summary>
    public int Integer(string key, int least, int most) =>
        RequiredScalar(key, $"a whole number from {least} to {most}") is { } scalar ? IntegerOf(scalar, key, least, most) : least;

    public int Integer(string key, int least, int most, int otherwise) => Has(key) ? Integer(key, least, most) : Asked(key, otherwise);

    /// <summary>Required number within limits, both included.</summary>
    public double Number(string key, double least, double most)
    {
        if (RequiredScalar(key, $"a number from {least} to {most}") is not { } scalar) return least;
        if (scalar.Style == ScalarStyle.Plain
            && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        AddFault(LineOf(scalar), Child(key), $"'{scalar.Value}' is not a number from {least} to {most}");
        return least;
    }

    public double Number(string key, double least, double most, double otherwise) =>
        Has(key) ? Number(key, least, most) : Asked(key, otherwise);

    /// <summary>Required duration with its unit: <c>250ms</c>, <c>5s</c>, <c>2m</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan least, TimeSpan most)
    {
        var expected = $"a duration from {DurationText.Format(least)} to {DurationText.Format(most)}, such as 250ms, 5s or 2m";
        if (RequiredScalar(key, expected) is not { } scalar) return least;
        if (DurationText.TryParse(scalar.Value ?? "", out var value) && value >= least && value <= most) return value;
        AddFault(LineOf(scalar), Child(key), $"'{scalar.Value}' is not {expected}");
        return least;
    }

    public TimeSpan Duration(string key, TimeSpan least, TimeSpan most, TimeSpan otherwise) =>
        Has(key) ? Duration(key, least, most) : Asked(key, otherwise);

    /// <summary>Required, non-empty list of texts.</summary>
    public IReadOnlyList<string> Texts(string key) => Scalars(key, "a list of texts").Select(s => TextOf(s, key)).ToArray();

    public IReadOnlyList<string> OptionalTexts(string key) => Has(key) ? Texts(key) : Asked<IReadOnlyList<string>>(key, []);

    /// <summary>Required, non-empty list of whole numbers within limits.</summary>
    public IReadOnlyList<int> Integers(string key, int least, int most) =>
        Scalars(key, $"a list of whole numbers from {least} to {most}").Select(s => IntegerOf(s, key, least, most)).ToArray();

    /// <summary>One text, or a non-empty list of texts; none where the key is absent.</summary>
    public IReadOnlyList<string> TextOrTexts(string key) =>
        Node(key) is YamlSequenceNode ? Texts(key) : OptionalText(key) is { } one ? [one] : [];

    /// <summary>One whole number, or a non-empty list of them, within limits.</summary>
    public IReadOnlyList<int> IntegerOrIntegers(string key, int least, int most) =>
        Node(key) is YamlSequenceNode ? Integers(key, least, most) : [Integer(key, least, most)];

    /// <summary>Required mapping under a key; an empty one is returned after a fault.</summary>
    public YamlMapping Mapping(string key)
    {
        _asked.Add(key);
        if (_entries.TryGetValue(key, out var node))
        {
            if (node is YamlMappingNode mapping) return new YamlMapping(File, Child(key), mapping, _faults);
            AddFault(LineOf(node), Child(key), "this must be a mapping (lines of the form `key: value`)");
        }
        else
        {
            AddFault(Line, Child(key), "this key is missing", "Add a mapping under it");
        }
        return new YamlMapping(File, Child(key), new YamlMappingNode(), new FaultList());
    }

    public YamlMapping? OptionalMapping(string key)
    {
        _asked.Add(key);
        return Has(key) ? Mapping(key) : null;
    }

    /// <summary>
    /// The mappings under a key, by the name each one has there; names are free, and duplicates are refused by YAML itself.
    /// </summary>
    public IReadOnlyList<(string Name, YamlMapping Value)> NamedMappings(string key)
    {
        var outer = Mapping(key);
        var all = outer._entries.Keys.Select(name => (name, outer.Mapping(name))).ToArray();
        if (all.Length == 0 && _entries.ContainsKey(key)) AddFault(outer.Line, Child(key), "this must not be empty");
        return all;
    }

    /// <summary>Required, non-empty list of mappings; the key path of each names its place, from 0.</summary>
    public IReadOnlyList<YamlMapping> Mappings(string key)
    {
        _asked.Add(key);
        var all = new List<YamlMapping>();
        if (!_entries.TryGetValue(key, out var node)) AddFault(Line, Child(key), "this key is missing", "Give a list of mappings");
        else if (node is not YamlSequenceNode { Children.Count: > 0 } sequence)
            AddFault(LineOf(node), Child(key), "this must be a list of mappings", "Write each as a line beginning with a dash");
        else
        {
            foreach (var item in sequence)
            {
                var place = $"{Child(key)}[{all.Count}]";
                if (item is not YamlMappingNode) AddFault(LineOf(item), place, "this must be a mapping (lines of the form `key: value`)");
                all.Add(new YamlMapping(
                    File, place, item as YamlMappingNode ?? new YamlMappingNode(), item is YamlMappingNode ? _faults : new FaultList()));
            }
        }
        return all;
    }

    /// <summary>Text under every key of a mapping whose keys are free (headers, environment).</summary>
    public IReadOnlyDictionary<string, string> TextMap(string key)
    {
        if (OptionalMapping(key) is not { } mapping) return new Dictionary<string, string>();
        return mapping._entries.Keys.ToDictionary(name => name, mapping.Text);
    }

    /// <summary>Adds a fault at a key of this mapping, for checks that only the reader of the file can make.</summary>
    public void Fault(string? key, string problem, string remedy = "")
    {
        var line = key is not null && _entries.TryGetValue(key, out var node) ? LineOf(node) : Line;
        AddFault(line, key is null ? Path : Child(key), problem, remedy);
    }

    /// <summary>Adds a fault in a file that lies beside this one.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="line">One-based.</param>
    public void FaultBeside(string name, int line, string problem, string remedy = "") =>
        _faults.Add(new Fault(File[..(File.LastIndexOf('/') + 1)] + name, line, null, problem, remedy));

    /// <summary>Faults every key that no accessor asked for. Call once, last.</summary>
    public void Done()
    {
        foreach (var (key, _) in _entries.Where(e => !_asked.Contains(e.Key)))
        {
            var keyNode = _node.Children.Keys.First(k => k is YamlScalarNode s && s.Value == key);
            AddFault(
                LineOf(keyNode),
                Child(key),
                "this key is not known here",
                NearestName.Remedy(key, _asked.Order(StringComparer.Ordinal).ToArray()));
        }
    }

    private T Asked<T>(string key, T otherwise)
    {
        _asked.Add(key);
        return otherwise;
    }

    private YamlScalarNode? RequiredScalar(string key, string expected)
    {
        _asked.Add(key);
        if (!_entries.TryGetValue(key, out var node)) AddFault(Line, Child(key), "this key is missing", $"Give {expected}");
        else if (node is YamlScalarNode { Value.Length: > 0 } scalar) return scalar;
        else
            AddFault(
                LineOf(node),
                Child(key),
                node is YamlScalarNode ? "the value is empty" : "this must be a single value",
                $"Give {expected}");
        return null;
    }

    private IEnumerable<YamlScalarNode> Scalars(string key, string expected)
    {
        _asked.Add(key);
        if (!_entries.TryGetValue(key, out var node))
        {
            AddFault(Line, Child(key), "this key is missing", $"Give {expected}");
            yield break;
        }
        if (node is not YamlSequenceNode { Children.Count: > 0 } sequence)
        {
            AddFault(LineOf(node), Child(key), $"this must be {expected}", "Write it as [a, b] or as lines beginning with a dash");
            yield break;
        }
        foreach (var item in sequence)
        {
            if (item is YamlScalarNode { Value.Length: > 0 } scalar) yield return scalar;
            else AddFault(LineOf(item), Child(key), $"this must be {expected}");
        }
    }

    private string TextOf(YamlScalarNode scalar, string key)
    {
        var value = scalar.Value ?? "";
        var looksOther = scalar.Style == ScalarStyle.Plain
            && (value is "true" or "false" or "null" or "~"
                || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        if (looksOther) AddFault(LineOf(scalar), Child(key), $"{value} is not text", $"If text is meant, quote it: \"{value}\"");
        return value;
    }

    private int IntegerOf(YamlScalarNode scalar, string key, int least, int most)
    {
        if (scalar.Style == ScalarStyle.Plain
            && int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        AddFault(LineOf(scalar), Child(key), $"'{scalar.Value}' is not a whole number from {least} to {most}");
        return least;
    }

    private string Child(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private void AddFault(int? line, string key, string problem, string remedy = "") =>
        _faults.Add(new Fault(File, line, key, problem, remedy));

    private static int LineOf(YamlNode node) => Math.Max(1, (int)node.Start.Line);
}
