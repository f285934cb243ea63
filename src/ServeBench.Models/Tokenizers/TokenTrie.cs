namespace ServeBench.Models.Tokenizers;

/// <summary>
/// A trie over symbols, stored as a double array (Aoe 1989): the child of node n by symbol s is cell base(n) + s if that cell
/// says that its parent is n. One step is one memory access.
/// </summary>
internal sealed class TokenTrie
{
    /// <summary>The node that words begin at.</summary>
    public const int Root = 0;

    /// <summary>No such child, or no token ends here.</summary>
    public const int None = -1;

    private Cell[] _cells;

    /// <param name="entries">Symbol sequences, none of them empty, with the token that each stands for. Symbols are positive.</param>
    /// <param name="symbols">One more than the largest symbol.</param>
    public TokenTrie(IReadOnlyList<(ushort[] Symbols, int Token)> entries, int symbols)
    {
        _cells = new Cell[entries.Count * 4 + symbols * 2];
        _cells.AsSpan().Fill(Cell.Free);
        _cells[Root] = new Cell(1, Root, None);
        var sorted = entries.OrderBy(e => e.Symbols, Comparer<ushort[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ToArray();
        var pending = new Queue<(int Node, int First, int End, int Depth)>();
        pending.Enqueue((Root, 0, sorted.Length, 0));
        var firstFree = 1;
        var children = new List<(ushort Symbol, int First, int End)>();
        while (pending.TryDequeue(out var item))
        {
            var (node, first, end, depth) = item;
            // Entries are sorted, so one that ends at this node comes first.
            if (sorted[first].Symbols.Length == depth) _cells[node].Token = sorted[first++].Token;
            Group(sorted, first, end, depth, children);
            if (children.Count == 0) continue;
            while (_cells[firstFree].Parent != None) firstFree++;
            var offset = Place(children, firstFree, symbols);
            _cells[node].Base = offset;
            foreach (var (symbol, childFirst, childEnd) in children)
            {
                _cells[offset + symbol] = new Cell(0, node, None);
                pending.Enqueue((offset + symbol, childFirst, childEnd, depth + 1));
            }
        }
    }

    /// <returns>The child, or <see cref="None"/>.</returns>
    public int Child(int node, ushort symbol)
    {
        var cell = _cells[node].Base + symbol;
        return (uint)cell < (uint)_cells.Length && _cells[cell].Parent == node && cell != Root ? cell : None;
    }

    /// <returns>The token that ends at a node, or <see cref="None"/>.</returns>
    public int Token(int node) => _cells[node].Token;

    private static void Group((ushort[] Symbols, int Token)[] sorted, int first, int end, int depth, List<(ushort, int, int)> children)
    {
        children.Clear();
        while (first < end)
        {
            var symbol = sorted[first].Symbols[depth];
            var next = first;
            while (next < end && sorted[next].Symbols[depth] == symbol) next++;
            children.Add((symbol, first, next));
            first = next;
        }
    }

    /// <summary>Finds the lowest base at which every child falls on a free cell, growing the array where needed.</summary>
    private int Place(List<(ushort Symbol, int First, int End)> children, int firstFree, int symbols)
    {
        for (var offset = Math.Max(1, firstFree - children[0].Symbol); ; offset++)
        {
            if (offset + symbols >= _cells.Length) Grow();
            var free = true;
            foreach (var (symbol, _, _) in children)
            {
                if (_cells[offset + symbol].Parent == None) continue;
                free = false;
                break;
            }
            if (free) return offset;
        }
    }

    private void Grow()
    {
        var old = _cells.Length;
        Array.Resize(ref _cells, old * 2);
        _cells.AsSpan(old).Fill(Cell.Free);
    }

    /// <param name="Base">Where the children's cells begin; 0 when there are none.</param>
    /// <param name="Parent">The parent's cell, or <see cref="None"/> when the cell is free.</param>
    /// <param name="Token">The token that ends here, or <see cref="None"/>.</param>
    private record struct Cell(int Base, int Parent, int Token)
    {
        public static readonly Cell Free = new(0, None, None);
    }
}
