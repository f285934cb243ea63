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

    /// <summary>For each page of 256 characters, where its entries begin.</summary>
    private readonly int[] _pages;

    private readonly int[] _entries;

    /// <param name="alphabet">The distinct characters of the vocabulary; the first gets symbol 1.</param>
    public SymbolTable(CharacterRules rules, IReadOnlyList<int> alphabet)
    {
        if (alphabet.Count > ushort.MaxValue)
            throw new InvalidDataException($"the vocabulary has {alphabet.Count} different characters; the limit is {ushort.MaxValue}");
        _rules = rules;
        var pages = new PageBuilder();
        for (var i = 0; i < alphabet.Count; i++) pages.Set(alphabet[i], Entry(CharacterKind.Word, (ushort)(i + 1)));
        // Targets are looked up while they still stand for themselves alone.
        var mapped = rules.Mappings.Select(m => (m.From, m.To, Symbol: SymbolOf(pages.Get(m.To)))).ToArray();
        foreach (var (from, _, symbol) in mapped) pages.Set(from, Entry(CharacterKind.Word, symbol));
        foreach (var (first, last, kind) in rules.Kinds) pages.SetKind(first, last, kind);
        // A character that becomes punctuation is punctuation.
        foreach (var (from, to, symbol) in mapped)
        {
            if (KindOf(pages.Get(to)) == CharacterKind.Alone) pages.Set(from, Entry(CharacterKind.Alone, symbol));
        }
        (_pages, _entries) = pages.Flatten();
    }

    /// <summary>What a character is, and its symbol; the symbol means nothing for kinds that are not kept.</summary>
    public (CharacterKind Kind, ushort Symbol) this[int character]
    {
        get
        {
            var entry = _entries[_pages[character >> PageBits] + (character & (PageSize - 1))];
            return (KindOf(entry), SymbolOf(entry));
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
    public static int[] AlphabetOf(IEnumerable<string> tokens)
    {
        var counts = new Dictionary<int, int>();
        foreach (var token in tokens)
        {
            foreach (var rune in token.EnumerateRunes()) counts[rune.Value] = counts.GetValueOrDefault(rune.Value) + 1;
        }
        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key)];
    }

    private static int Entry(CharacterKind kind, ushort symbol) => (symbol << 8) | (int)kind;

    private static CharacterKind KindOf(int entry) => (CharacterKind)(entry & 0xff);

    private static ushort SymbolOf(int entry) => (ushort)(entry >> 8);

    /// <summary>
    /// Fills the table page by page. Most of Unicode is outside any vocabulary, so pages that are all of one kind exist once.
    /// </summary>
    private sealed class PageBuilder
    {
        private readonly int[][] _uniform =
            [.. Enum.GetValues<CharacterKind>().Select(kind => Enumerable.Repeat(Entry(kind, Foreign), PageSize).ToArray())];
        private readonly int[][] _pages = new int[CharacterRules.CodePoints >> PageBits][];

        public PageBuilder() => Array.Fill(_pages, _uniform[(int)CharacterKind.Word]);

        public int Get(int character) => _pages[character >> PageBits][character & (PageSize - 1)];

        public void Set(int character, int entry)
        {
            ref var page = ref _pages[character >> PageBits];
            if (_uniform.Contains(page)) page = [.. page];
            page[character & (PageSize - 1)] = entry;
        }

        /// <summary>Changes what characters are, and keeps their symbols.</summary>
        public void SetKind(int first, int last, CharacterKind kind)
        {
            for (var c = first; c <= last;)
            {
                var pageEnd = c | (PageSize - 1);
                if ((c & (PageSize - 1)) == 0 && pageEnd <= last && _uniform.Contains(_pages[c >> PageBits]))
                {
                    _pages[c >> PageBits] = _uniform[(int)kind];
                    c = pageEnd + 1;
                    continue;
                }
                Set(c, Entry(kind, SymbolOf(Get(c))));
                c++;
            }
        }

        public (int[] Pages, int[] Entries) Flatten()
        {
            var entries = new List<int>();
            var places = new Dictionary<int[], int>(ReferenceEqualityComparer.Instance);
            var pages = new int[_pages.Length];
            for (var p = 0; p < _pages.Length; p++)
            {
                if (!places.TryGetValue(_pages[p], out pages[p]))
                {
                    places[_pages[p]] = pages[p] = entries.Count;
                    entries.AddRange(_pages[p]);
                }
            }
            return (pages, [.. entries]);
        }
    }
}
