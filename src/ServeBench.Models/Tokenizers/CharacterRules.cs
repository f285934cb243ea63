using System.Globalization;
using System.Text;

namespace ServeBench.Models.Tokenizers;

/// <summary>What BERT's uncased tokenizer makes of a character before words are looked up.</summary>
internal enum CharacterKind
{
    /// <summary>Part of a word.</summary>
    Word,

    /// <summary>A word of its own: punctuation and ideographs.</summary>
    Alone,

    /// <summary>Ends a word.</summary>
    Space,

    /// <summary>Dropped: accents, control characters, private use.</summary>
    Removed,

    /// <summary>Becomes several characters, each part of a word.</summary>
    Several,
}

/// <summary>
/// The rules for every character, as recorded from the reference implementation in bert-uncased-characters.txt: cleaning,
/// spaces around ideographs, canonical decomposition, stripping of accents, lower case, and what counts as punctuation, all in
/// one step. They do not depend on the Unicode version of .NET or of the operating system. The reference also puts combining
/// marks into canonical order; that cannot change a token (Recording/characters.py proves it), so it is not done here.
/// </summary>
internal sealed class CharacterRules
{
    public const int CodePoints = 0x110000;

    private const int FirstHangul = 0xAC00;
    private const int LastHangul = 0xD7A3;

    private static readonly Lazy<CharacterRules> Loaded = new(() => new CharacterRules(ReadResource()));

    private readonly List<(int First, int Last)> _removed = [];
    private readonly List<(int First, int Last)> _spaces = [];
    private readonly List<(int First, int Last)> _ideographs = [];
    private readonly List<(int First, int Last)> _punctuation = [];
    private readonly List<(int First, int Last, int Step, int Delta)> _becomes = [];
    private readonly Dictionary<int, int[]> _several = [];

    private CharacterRules(string text)
    {
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var words = line.Split(' ');
            foreach (var word in words.Skip(1))
            {
                switch (words[0])
                {
                    case "removed": _removed.Add(Range(word)); break;
                    case "space": _spaces.Add(Range(word)); break;
                    case "ideograph": _ideographs.Add(Range(word)); break;
                    case "punctuation": _punctuation.Add(Range(word)); break;
                    case "becomes": ReadMapping(word); break;
                    default: throw new InvalidDataException($"bert-uncased-characters.txt has an unknown line '{words[0]}'");
                }
            }
        }
    }

    public static CharacterRules BertUncased => Loaded.Value;

    /// <summary>Ranges of characters of one kind, code points, both ends included. Words are whatever is in no range.</summary>
    public IEnumerable<(int First, int Last, CharacterKind Kind)> Kinds =>
        _removed.Select(r => (r.First, r.Last, CharacterKind.Removed))
            .Concat(_spaces.Select(r => (r.First, r.Last, CharacterKind.Space)))
            .Concat(_ideographs.Concat(_punctuation).Select(r => (r.First, r.Last, CharacterKind.Alone)))
            .Concat(_several.Keys.Select(c => (c, c, CharacterKind.Several)))
            .Append((FirstHangul, LastHangul, CharacterKind.Several));

    /// <summary>Every character that becomes one other character, with that character.</summary>
    public IEnumerable<(int From, int To)> Mappings
    {
        get
        {
            foreach (var (first, last, step, delta) in _becomes)
            {
                for (var c = first; c <= last; c += step) yield return (c, c + delta);
            }
        }
    }

    /// <summary>What a character of kind <see cref="CharacterKind.Several"/> becomes.</summary>
    /// <param name="into">Room for three.</param>
    /// <returns>How many there are.</returns>
    public int Expand(int character, Span<int> into)
    {
        if (_several.TryGetValue(character, out var known))
        {
            known.CopyTo(into);
            return known.Length;
        }
        // Hangul syllables decompose by arithmetic (The Unicode Standard, section 3.12).
        var index = character - FirstHangul;
        into[0] = 0x1100 + (index / 588);
        into[1] = 0x1161 + (index % 588 / 28);
        if (index % 28 == 0) return 2;
        into[2] = 0x11A7 + (index % 28);
        return 3;
    }

    /// <summary>Reads <c>41-5a+20</c>, <c>100-12e/2+1</c> or <c>9cb=9c7,9be</c>.</summary>
    private void ReadMapping(string word)
    {
        if (word.Split('=') is [var from, var to])
        {
            _several[Hex(from)] = [.. to.Split(',').Select(Hex)];
            return;
        }
        // The sign is the last one: a minus also separates the ends of a range.
        var sign = word.LastIndexOfAny(['+', '-']);
        var delta = Hex(word[(sign + 1)..]) * (word[sign] == '-' ? -1 : 1);
        var parts = word[..sign].Split('/');
        var (first, last) = Range(parts[0]);
        _becomes.Add((first, last, parts.Length == 2 ? Hex(parts[1]) : 1, delta));
    }

    private static (int First, int Last) Range(string word) =>
        word.Split('-') is [var first, var last] ? (Hex(first), Hex(last)) : (Hex(word), Hex(word));

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string ReadResource()
    {
        using var stream = typeof(CharacterRules).Assembly.GetManifestResourceStream("bert-uncased-characters.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
