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

    private TokenTrie(Cell[] cells) => _cells = cells;

    /// <returns>The child, or <see cref="None"/>.</returns>
    public int Child(int node, ushort symbol)
    {
        var cell = _cells[node].Base + symbol;
        return (uint)cell < (uint)_cells.Length && _cells[cell].Parent == node && cell != Root ? cell : None;
    }

    /// <returns>The token that ends at a node, or <see cref="None"/>.</returns>
    public int Token(int node) => _cells[node].Token;

    /// <param name="Base">Where the children's cells begin; 0 when there are none.</param>
    /// <param name="Parent">The parent's cell, or <see cref="None"/> when the cell is free.</param>
    /// <param name="Token">The token that ends here, or <see cref="None"/>.</param>
    internal record struct Cell(int Base, int Parent, int Token)
    {
        public static readonly Cell Free = new(0, None, None);
    }

    /// <summary>Collects tokens as a plain tree, then lays it out.</summary>
    public sealed class Builder
    {
        /// <summary>The child of a node by a symbol; the key holds both.</summary>
        private readonly Dictionary<long, int> _children = [];
        private readonly List<Node> _nodes = [new Node(0, None, None)];

        /// <param name="symbols">Positive numbers; not empty.</param>
        public void Add(ReadOnlySpan<ushort> symbols, int token)
        {
            var node = Root;
            foreach (var symbol in symbols)
            {
                if (!_children.TryGetValue(((long)node << 16) | symbol, out var child))
                {
                    _children[((long)node << 16) | symbol] = child = _nodes.Count;
                    // The new child comes before those that its parent had.
                    _nodes.Add(new Node(symbol, None, _nodes[node].FirstChild));
                    _nodes[node] = _nodes[node] with { FirstChild = child };
                }
                node = child;
            }
            _nodes[node] = _nodes[node] with { Token = token };
        }

        public TokenTrie Build()
        {
            var space = new CellSpace();
            space.Take(Root);
            var cells = new List<Cell> { new(0, Root, None) };
            var pending = new Queue<(int Node, int Cell)>();
            pending.Enqueue((Root, Root));
            var children = new List<int>();
            var symbols = new List<ushort>();
            while (pending.TryDequeue(out var item))
            {
                children.Clear();
                symbols.Clear();
                for (var child = _nodes[item.Node].FirstChild; child != None; child = _nodes[child].NextSibling)
                {
                    children.Add(child);
                    symbols.Add(_nodes[child].Symbol);
                }
                var offset = children.Count == 0 ? 0 : space.Place(symbols);
                while (cells.Count < space.Length) cells.Add(Cell.Free);
                cells[item.Cell] = cells[item.Cell] with { Base = offset, Token = _nodes[item.Node].Token };
                for (var c = 0; c < children.Count; c++)
                {
                    cells[offset + symbols[c]] = new Cell(0, item.Cell, None);
                    pending.Enqueue((children[c], offset + symbols[c]));
                }
            }
            return new TokenTrie([.. cells]);
        }

        /// <summary>A node with its children as a chain.</summary>
        private readonly record struct Node(ushort Symbol, int FirstChild, int NextSibling)
        {
            public int Token { get; init; } = None;
        }
    }

    /// <summary>Which cells are taken, while the array is being laid out: the free ones form a ring through cell 0.</summary>
    private sealed class CellSpace
    {
        private int[] _next = [0];
        private int[] _previous = [0];
        private bool[] _taken = [true];

        public int Length => _next.Length;

        /// <summary>Finds a base at which every child falls on a free cell, takes those cells, and grows the array where needed.</summary>
        public int Place(List<ushort> symbols)
        {
            var largest = symbols.Max();
            // The first child goes over the free cells in turn; the others follow from it.
            for (var cell = NextFree(0); ; cell = NextFree(cell))
            {
                var offset = cell - symbols[0];
                if (offset < 1 || !AreFree(symbols, offset, largest)) continue;
                foreach (var symbol in symbols) Take(offset + symbol);
                return offset;
            }
        }

        public void Take(int cell)
        {
            _taken[cell] = true;
            _next[_previous[cell]] = _next[cell];
            _previous[_next[cell]] = _previous[cell];
        }

        private bool AreFree(List<ushort> symbols, int offset, int largest)
        {
            while (offset + largest >= Length) Grow();
            foreach (var symbol in symbols)
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
