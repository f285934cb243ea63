using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.Runs.Importing;

/// <summary>
/// What a JSON document says, without the bulk of it: tools write every request into the same document as the sums. Of an array the
/// first elements are kept and all are counted; long texts are cut. Memory is bounded whatever the document's size.
/// </summary>
internal sealed class JsonOutline
{
    private const int KeptItems = 64;
    private const int KeptText = 200;
    private const int LongestName = 1 << 12;
    private const int MostNodes = 200_000;
    private const int LongestToken = 1 << 24;

    private readonly Dictionary<string, JsonOutline> _members = new(StringComparer.Ordinal);
    private readonly List<JsonOutline> _items = [];

    /// <summary>Members of an object, in order.</summary>
    public IReadOnlyDictionary<string, JsonOutline> Members => _members;

    /// <summary>The first elements of an array.</summary>
    public IReadOnlyList<JsonOutline> Items => _items;

    /// <summary>How many elements an array has.</summary>
    public long Count { get; private set; }

    /// <summary>Null when it is no number, or none that can be.</summary>
    public double? Number { get; private init; }

    /// <summary>Null when it is no text.</summary>
    public string? Text { get; private init; }

    /// <summary>What lies at a path of members; null when there is nothing.</summary>
    public JsonOutline? At(params ReadOnlySpan<string> path)
    {
        var at = this;
        foreach (var name in path)
        {
            if (!at._members.TryGetValue(name, out var next)) return null;
            at = next;
        }
        return at;
    }

    /// <summary>The number at a path; null when there is none.</summary>
    public double? NumberAt(params ReadOnlySpan<string> path) => At(path)?.Number;

    /// <summary>A count at a path: a whole number that is not negative; null when there is none.</summary>
    public long? CountAt(params ReadOnlySpan<string> path) => NumberAt(path) is >= 0 and < 1e12 and var number ? (long)number : null;

    /// <exception cref="JsonException">when it is no JSON, or cut off.</exception>
    /// <exception cref="InvalidDataException">when it holds several documents, or more than can be kept.</exception>
    public static JsonOutline Read(TextReader reader)
    {
        var builder = new Builder();
        using var plain = new PythonJson(reader);
        var state = new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true });
        var encoder = new UTF8Encoding(false).GetEncoder();
        var (chars, buffer, filled) = (new char[1 << 14], new byte[1 << 17], 0);
        for (var isLast = false; !isLast;)
        {
            if (buffer.Length - filled < chars.Length * 3)
            {
                if (buffer.Length > LongestToken) throw new InvalidDataException($"a text in its JSON is longer than {LongestToken} bytes");
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            var read = plain.Read(chars, 0, chars.Length);
            isLast = read == 0;
            filled += encoder.GetBytes(chars.AsSpan(0, read), buffer.AsSpan(filled), flush: isLast);
            var json = new Utf8JsonReader(buffer.AsSpan(0, filled), isLast, state);
            while (json.Read()) builder.Take(ref json);
            state = json.CurrentState;
            var used = (int)json.BytesConsumed;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
        return builder.Root ?? throw new JsonException("it holds nothing");
    }

    private sealed class Builder
    {
        private readonly Stack<JsonOutline?> _open = [];
        private string? _name;
        private int _nodes;

        public JsonOutline? Root { get; private set; }

        public void Take(ref Utf8JsonReader json)
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _name = json.GetString()!;
                    if (_name.Length > LongestName)
                        throw new InvalidDataException($"a name in its JSON is longer than {LongestName} characters");
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    _open.Push(Put(new JsonOutline()));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _open.Pop();
                    break;
                case JsonTokenType.Number:
                    Put(new JsonOutline { Number = json.TryGetDouble(out var number) && double.IsFinite(number) ? number : null });
                    break;
                case JsonTokenType.String:
                    Put(new JsonOutline { Text = Cut(json.GetString()!) });
                    break;
                default:
                    Put(new JsonOutline());
                    break;
            }
        }

        /// <returns>Null when it is not kept, and nothing within it.</returns>
        private JsonOutline? Put(JsonOutline value)
        {
            var name = _name;
            _name = null;
            if (_open.Count == 0)
            {
                if (Root is not null)
                    throw new InvalidDataException("it holds several results, one after the other: import each from a file of its own");
                return Root = value;
            }
            if (_open.Peek() is not { } parent) return null;
            if (name is null)
            {
                parent.Count++;
                if (parent._items.Count >= KeptItems || _nodes > MostNodes / 2) return null;
                parent._items.Add(value);
            }
            else
            {
                // Whichever of the two were kept, the other would be lost without a word.
                if (!parent._members.TryAdd(name, value))
                    throw new InvalidDataException($"its JSON names '{Redaction.Quote(name)}' twice in the same object");
            }
            if (++_nodes > MostNodes) throw new InvalidDataException($"its JSON has more than {MostNodes} members");
            return value;
        }

        private static string Cut(string text) => text.Length <= KeptText ? text : text[..KeptText];
    }
}
