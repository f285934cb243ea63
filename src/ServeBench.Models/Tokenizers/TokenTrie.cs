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

    private readonly Cell[] _cells;

    /// <param name="entries">Symbol sequences, none of them empty, with the token that each stands for. Symbols are positive.</param>
    public TokenTrie(IReadOnlyList<(ushort[] Symbols, int Token)> entries)
    {
        var cells = new CellSpace();
        cells.Take(Root);
        var nodes = new List<Cell> { new(0, Root, None) };
        var sorted = entries.ToArray();
        Array.Sort(sorted, (a, b) => a.Symbols.AsSpan().SequenceCompareTo(b.Symbols));
        var pending = new Queue<(int Node, int First, int End, int Depth)>();
        pending.Enqueue((Root, 0, sorted.Length, 0));
        var children = new List<(ushort Symbol, int First, int End)>();
        while (pending.TryDequeue(out var item))
        {
            var (node, first, end, depth) = item;
            var token = None;
            // Entries are sorted, so one that ends at this node comes first.
            if (sorted[first].Symbols.Length == depth) token = sorted[first++].Token;
            Group(sorted, first, end, depth, children);
            var offset = children.Count == 0 ? 0 : cells.Place(children);
            while (nodes.Count < cells.Length) nodes.Add(Cell.Free);
            nodes[node] = new Cell(offset, nodes[node].Parent, token);
            foreach (var (symbol, childFirst, childEnd) in children)
            {
                nodes[offset + symbol] = new Cell(0, node, None);
                pending.Enqueue((offset + symbol, childFirst, childEnd, depth + 1));
            }
        }
        _cells = [.. nodes];
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

    /// <param name="Base">Where the children's cells begin; 0 when there are none.</param>
    /// <param name="Parent">The parent's cell, or <see cref="None"/> when the cell is free.</param>
    /// <param name="Token">The token that ends here, or <see cref="None"/>.</param>
    private record struct Cell(int Base, int Parent, int Token)
    {
        public static readonly Cell Free = new(0, None, None);
    }

    /// <summary>Which cells are taken, while the array is being laid out: the free ones form a ring through cell 0.</summary>
    private sealed class CellSpace
    {
        private int[] _next = [0];
        private int[] _previous = [0];
        private bool[] _taken = [true];

        public int Length => _next.Length;

        /// <summary>Finds a base at which every child falls on a free cell, takes those cells, and grows the array where needed.</summary>
        public int Place(List<(ushort Symbol, int First, int End)> children)
        {
            // The first child goes over the free cells in turn; the others follow from it.
            for (var cell = NextFree(0); ; cell = NextFree(cell))
            {
                var offset = cell - children[0].Symbol;
                if (offset < 1 || !AreFree(children, offset)) continue;
                foreach (var (symbol, _, _) in children) Take(offset + symbol);
                return offset;
            }
        }

        public void Take(int cell)
        {
            _taken[cell] = true;
            _next[_previous[cell]] = _next[cell];
            _previous[_next[cell]] = _previous[cell];
        }

        private bool AreFree(List<(ushort Symbol, int First, int End)> children, int offset)
        {
            while (offset + children[^1].Symbol >= Length) Grow();
            foreach (var (symbol, _, _) in children)
            {
                if (_taken[offset + symbol]) return false;
            }
            return true;
        }

        private int NextFree(int cell)
        {
            if (_next[cell] == 0) Grow();
            return _next[cell];
        }

        private void Grow()
        {
            var old = Length;
            var length = Math.Max(1 << 12, old * 2);
            Array.Resize(ref _next, length);
            Array.Resize(ref _previous, length);
            Array.Resize(ref _taken, length);
            for (var cell = old; cell < length; cell++)
            {
                _previous[cell] = cell == old ? _previous[0] : cell - 1;
                _next[_previous[cell]] = cell;
            }
            _next[length - 1] = 0;
            _previous[0] = length - 1;
        }
    }
}
