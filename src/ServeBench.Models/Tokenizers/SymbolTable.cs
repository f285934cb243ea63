namespace ServeBench.Models.Tokenizers;

/// <summary>
/// Character rules and a vocabulary's alphabet in one table: what a character is, and the number of the character that it
/// becomes. Two memory accesses per character, whatever the script.
/// </summary>
internal sealed class SymbolTable
{
    /// <summary>The symbol of every character that no token contains; a word with one of these is unknown.</summary>
    public const ushort Foreign = 0;

    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private readonly CharacterRules _rules;
    private readonly ushort[] _pages = new ushort[CharacterRules.CodePoints >> PageBits];
    private readonly int[] _entries;

    /// <param name="alphabet">The distinct characters of the vocabulary; the first gets symbol 1.</param>
    public SymbolTable(CharacterRules rules, IReadOnlyList<int> alphabet)
    {
        _rules = rules;
        var entries = new int[CharacterRules.CodePoints];
        for (var i = 0; i < alphabet.Count; i++) entries[alphabet[i]] = Entry(CharacterKind.Word, (ushort)(i + 1));
        // Targets are looked up while they still stand for themselves alone.
        var mapped = rules.Mappings.Select(m => (m.From, Symbol: (ushort)(entries[m.To] >> 8))).ToArray();
        foreach (var (from, symbol) in mapped) entries[from] = Entry(CharacterKind.Word, symbol);
        foreach (var (first, last, kind) in rules.Kinds)
        {
            for (var c = first; c <= last; c++) entries[c] = Entry(kind, (ushort)(entries[c] >> 8));
        }
        // A character that becomes punctuation is punctuation.
        foreach (var ((from, symbol), to) in mapped.Zip(rules.Mappings.Select(m => m.To)))
        {
            if ((CharacterKind)(entries[to] & 0xff) == CharacterKind.Alone) entries[from] = Entry(CharacterKind.Alone, symbol);
        }
        _entries = Compress(entries);
    }

    /// <summary>What a character is, and its symbol; the symbol means nothing for kinds that are not kept.</summary>
    public (CharacterKind Kind, ushort Symbol) this[int character]
    {
        get
        {
            var entry = _entries[(_pages[character >> PageBits] << PageBits) | (character & (PageSize - 1))];
            return ((CharacterKind)(entry & 0xff), (ushort)(entry >> 8));
        }
    }

    /// <summary>The symbols of a character of kind <see cref="CharacterKind.Several"/>.</summary>
    /// <param name="into">Room for three.</param>
    public int Expand(int character, Span<ushort> into)
    {
        Span<int> characters = stackalloc int[3];
        var count = _rules.Expand(character, characters);
        for (var i = 0; i < count; i++) into[i] = this[characters[i]].Symbol;
        return count;
    }

    /// <summary>The distinct characters of some tokens, most frequent first, so that the trie's arrays stay dense.</summary>
    public static int[] AlphabetOf(IEnumerable<string> tokens) =>
        [.. tokens.SelectMany(t => t.EnumerateRunes()).GroupBy(r => r.Value).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key)];

    private static int Entry(CharacterKind kind, ushort symbol) => (symbol << 8) | (int)kind;

    /// <summary>Stores equal pages once: most of Unicode is outside any vocabulary.</summary>
    private int[] Compress(int[] entries)
    {
        var known = new Dictionary<int, List<ushort>>();
        var distinct = new List<int>();
        for (var page = 0; page < _pages.Length; page++)
        {
            var content = entries.AsSpan(page << PageBits, PageSize);
            var hash = default(HashCode);
            foreach (var entry in content) hash.Add(entry);
            if (!known.TryGetValue(hash.ToHashCode(), out var candidates)) known[hash.ToHashCode()] = candidates = [];
            var place = -1;
            foreach (var candidate in candidates)
            {
                if (content.SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(distinct).Slice(candidate << PageBits, PageSize))) place = candidate;
            }
            if (place < 0)
            {
                place = distinct.Count >> PageBits;
                candidates.Add((ushort)place);
                distinct.AddRange(content);
            }
            _pages[page] = (ushort)place;
        }
        return [.. distinct];
    }
}
