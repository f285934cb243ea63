using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ServeBench.Models.Tokenizers;

/// <summary>
/// BERT's uncased WordPiece tokenizer: equal, token for token, to the reference implementation. Words are split into the
/// longest tokens that fit, from left to right (Wu et al. 2016). Encoding allocates nothing and may run on any number of
/// threads at once. Lone surrogates, which no valid text has, are dropped as U+FFFD would be.
/// </summary>
public sealed class WordPieceTokenizer
{
    /// <summary>Longer words, counted in characters after normalisation, are unknown; the reference implementation's limit.</summary>
    private const int MaximumWordLength = 100;

    private readonly SymbolTable _symbols;
    private readonly TokenTrie _whole;
    private readonly TokenTrie _continued;
    private readonly (string Text, int Id)[] _special;

    /// <param name="maximumTokens">Longer inputs are cut to this many tokens, special tokens included.</param>
    public WordPieceTokenizer(Vocabulary vocabulary, int maximumTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumTokens, 3);
        Vocabulary = vocabulary;
        MaximumTokens = maximumTokens;
        _special = [.. Vocabulary.SpecialTokens.Select(t => (t, vocabulary.Find(t)))];
        var alphabet = SymbolTable.AlphabetOf(vocabulary.Tokens);
        _symbols = new SymbolTable(CharacterRules.BertUncased, alphabet);
        var numbers = alphabet.Select((character, i) => (character, Symbol: (ushort)(i + 1))).ToDictionary(p => p.character, p => p.Symbol);
        var (whole, continued) = (new TokenTrie.Builder(), new TokenTrie.Builder());
        var symbols = new List<ushort>();
        for (var id = 0; id < vocabulary.Tokens.Count; id++)
        {
            var token = vocabulary.Tokens[id];
            var isContinued = token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal);
            symbols.Clear();
            foreach (var rune in token.AsSpan(isContinued ? 2 : 0).EnumerateRunes()) symbols.Add(numbers[rune.Value]);
            if (symbols.Count > 0) (isContinued ? continued : whole).Add(CollectionsMarshal.AsSpan(symbols), id);
        }
        _whole = whole.Build();
        _continued = continued.Build();
    }

    public Vocabulary Vocabulary { get; }

    public int MaximumTokens { get; }

    /// <exception cref="Domain.Faults.RunFailedException">when the file cannot be read or is not a vocabulary.</exception>
    public static WordPieceTokenizer Load(string vocabularyFile, int maximumTokens) => new(Vocabulary.Load(vocabularyFile), maximumTokens);

    /// <summary>How many tokens a text has, the two special ones included, however many that is.</summary>
    public int CountTokens(ReadOnlySpan<char> text) => CountUpTo(text, int.MaxValue) + 2;

    /// <summary>Encodes a text as <c>[CLS] text [SEP]</c>, cut to <see cref="MaximumTokens"/>.</summary>
    /// <param name="ids">Receives the ids. A span shorter than <see cref="MaximumTokens"/> lowers the limit to its length, which
    /// must be 2 at least.</param>
    /// <returns>How many ids were written.</returns>
    public int Encode(ReadOnlySpan<char> text, Span<int> ids) => EncodeSingle(text, ids);

    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, Span{int})"/>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids) => EncodeSingle(text, ids);

    /// <summary>Encodes several texts as the rows of a matrix, padded on the right to the longest of them.</summary>
    /// <returns>The matrix of ids, the mask (1 where there is a token) and the number of columns.</returns>
    public (long[] Ids, long[] Mask, int Sequence) EncodeBatch(IReadOnlyList<string> texts)
    {
        var lengths = new int[texts.Count];
        var rows = ArrayPool<long>.Shared.Rent(texts.Count * MaximumTokens);
        for (var t = 0; t < texts.Count; t++) lengths[t] = Encode(texts[t], rows.AsSpan(t * MaximumTokens, MaximumTokens));
        var sequence = lengths.DefaultIfEmpty(0).Max();
        var ids = new long[texts.Count * sequence];
        var mask = new long[texts.Count * sequence];
        ids.AsSpan().Fill(Vocabulary.Pad);
        for (var t = 0; t < texts.Count; t++)
        {
            rows.AsSpan(t * MaximumTokens, lengths[t]).CopyTo(ids.AsSpan(t * sequence));
            mask.AsSpan(t * sequence, lengths[t]).Fill(1);
        }
        ArrayPool<long>.Shared.Return(rows);
        return (ids, mask, sequence);
    }

    /// <summary>
    /// Counts tokens, without the special ones, to the end of the word with which <paramref name="enough"/> is reached: where the
    /// reference stops, too.
    /// </summary>
    internal int CountUpTo(ReadOnlySpan<char> text, int enough) => Tokenise<int>(text, [], enough);

    private int EncodeSingle<T>(ReadOnlySpan<char> text, Span<T> ids) where T : unmanaged, IBinaryInteger<T>
    {
        var limit = Math.Min(MaximumTokens, ids.Length);
        if (limit < 2) throw new ArgumentException($"{ids.Length} ids are too few for the two special tokens", nameof(ids));
        var written = Tokenise(text, ids.Slice(1, limit - 2));
        ids[0] = T.CreateTruncating(Vocabulary.Begin);
        ids[written + 1] = T.CreateTruncating(Vocabulary.End);
        return written + 2;
    }

    /// <summary>Tokenises without special tokens, until the text or the room ends.</summary>
    /// <param name="countUpTo">Null to write tokens; else they are only counted, and no further word is begun once there are so
    /// many.</param>
    private int Tokenise<T>(ReadOnlySpan<char> text, Span<T> ids, int? countUpTo = null) where T : unmanaged, IBinaryInteger<T>
    {
        var output = new Output<T>(ids, countUpTo);
        Span<ushort> word = stackalloc ushort[MaximumWordLength];
        Span<ushort> expansion = stackalloc ushort[3];
        var length = 0;
        for (var i = 0; i < text.Length && !output.IsFull; i++)
        {
            int character = text[i];
            if (char.IsSurrogate(text[i]))
            {
                if (Rune.DecodeFromUtf16(text[i..], out var rune, out _) != OperationStatus.Done) continue;
                character = rune.Value;
                i++;
            }
            var (kind, symbol) = _symbols[character];
            switch (kind)
            {
                case CharacterKind.Word:
                    if (length < MaximumWordLength) word[length] = symbol;
                    length++;
                    break;
                case CharacterKind.Space:
                    EndWord(word, ref length, ref output);
                    break;
                case CharacterKind.Alone:
                    EndWord(word, ref length, ref output);
                    if (output.IsFull) break;
                    if (character == '[' && FindSpecial(text[i..]) is { Text: { } special } found)
                    {
                        output.AddSpecial(found.Id);
                        i += special.Length - 1;
                        break;
                    }
                    word[0] = symbol;
                    length = 1;
                    EndWord(word, ref length, ref output);
                    break;
                case CharacterKind.Several:
                    var parts = _symbols.Expand(character, expansion);
                    for (var p = 0; p < parts; p++, length++)
                    {
                        if (length < MaximumWordLength) word[length] = expansion[p];
                    }
                    break;
                default:
                    break;
            }
        }
        EndWord(word, ref length, ref output);
        return output.Count;
    }

    private void EndWord<T>(scoped ReadOnlySpan<ushort> buffer, ref int length, ref Output<T> output) where T : unmanaged, IBinaryInteger<T>
    {
        if (length == 0) return;
        var isTooLong = length > MaximumWordLength;
        var word = buffer[..Math.Min(length, MaximumWordLength)];
        length = 0;
        if (isTooLong)
        {
            output.AddWord(Vocabulary.Unknown);
            return;
        }
        // Which tokens a word has is known only at its end: one piece that does not fit makes all of it unknown.
        Span<int> pieces = stackalloc int[MaximumWordLength];
        var count = 0;
        var trie = _whole;
        while (!word.IsEmpty)
        {
            var (token, taken) = LongestPiece(trie, word);
            if (token == TokenTrie.None)
            {
                output.AddWord(Vocabulary.Unknown);
                return;
            }
            pieces[count++] = token;
            word = word[taken..];
            trie = _continued;
        }
        output.AddWord(pieces[..count]);
    }

    private static (int Token, int Taken) LongestPiece(TokenTrie trie, ReadOnlySpan<ushort> word)
    {
        var (token, taken) = (TokenTrie.None, 0);
        var node = TokenTrie.Root;
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == SymbolTable.Foreign || (node = trie.Child(node, word[i])) == TokenTrie.None) break;
            if (trie.Token(node) is not TokenTrie.None and var ends) (token, taken) = (ends, i + 1);
        }
        return (token, taken);
    }

    private (string? Text, int Id) FindSpecial(ReadOnlySpan<char> text)
    {
        foreach (var special in _special)
        {
            if (text.StartsWith(special.Text, StringComparison.Ordinal)) return special;
        }
        return default;
    }

    /// <summary>Where tokens go: counted, and written as long as there is room.</summary>
    private ref struct Output<T>(Span<T> ids, int? countUpTo) where T : unmanaged, IBinaryInteger<T>
    {
        private readonly Span<T> _ids = ids;
        private readonly bool _counts = countUpTo is not null;
        private readonly int _limit = countUpTo ?? ids.Length;

        public int Count { get; private set; }

        /// <summary>True when no further word need be looked at.</summary>
        public bool IsFull { get; private set; } = countUpTo is null && ids.IsEmpty;

        /// <summary>Adds a special token that the text spells out. The reference does not stop counting at one.</summary>
        public void AddSpecial(int id)
        {
            if (!IsFull) Write(id);
            IsFull |= !_counts && Count == _limit;
        }

        /// <summary>Adds the tokens of one word.</summary>
        public void AddWord(params ReadOnlySpan<int> tokens)
        {
            if (!_counts) tokens = tokens[..Math.Min(tokens.Length, _limit - Count)];
            foreach (var token in tokens) Write(token);
            IsFull = Count >= _limit;
        }

        private void Write(int id)
        {
            if (!_counts) _ids[Count] = T.CreateTruncating(id);
            Count++;
        }
    }
}
