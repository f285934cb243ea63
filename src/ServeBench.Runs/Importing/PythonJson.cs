namespace ServeBench.Runs.Importing;

/// <summary>
/// JSON as Python's json module writes it: NaN, Infinity and -Infinity stand for numbers that JSON does not have (RFC 8259, 6). They are
/// read as null, since nothing was measured there; within texts they stay.
/// </summary>
/// <param name="inner">The text; it is not closed with this.</param>
internal sealed class PythonJson(TextReader inner) : TextReader
{
    private static readonly string[] Numbers = ["NaN", "Infinity"];

    private readonly char[] _buffer = new char[1 << 14];
    private readonly Queue<char> _ready = new();
    private readonly System.Text.StringBuilder _word = new();
    private bool _isText;
    private bool _isEscaped;
    private bool _isNegative;
    private bool _isAtEnd;

    public override int Read(char[] buffer, int index, int count)
    {
        while (_ready.Count == 0 && !_isAtEnd) Refill();
        var read = Math.Min(count, _ready.Count);
        for (var i = 0; i < read; i++) buffer[index + i] = _ready.Dequeue();
        return read;
    }

    private void Refill()
    {
        var read = inner.Read(_buffer, 0, _buffer.Length);
        _isAtEnd = read == 0;
        foreach (var c in _buffer.AsSpan(0, read)) Take(c);
        if (_isAtEnd) EndWord();
    }

    private void Take(char c)
    {
        if (_isText)
        {
            _ready.Enqueue(c);
            if (_isEscaped) _isEscaped = false;
            else if (c == '\\') _isEscaped = true;
            else if (c == '"') _isText = false;
        }
        else if (char.IsAsciiLetter(c) && _word.Length < 16)
        {
            _word.Append(c);
        }
        else
        {
            EndWord();
            if (c == '-') _isNegative = true;
            else _ready.Enqueue(c);
            _isText = c == '"';
        }
    }

    /// <summary>Hands on the word that has ended, or null for a number that is none, whose sign goes with it.</summary>
    private void EndWord()
    {
        var word = _word.ToString();
        _word.Clear();
        var isNumber = Array.IndexOf(Numbers, word) >= 0;
        if (_isNegative && !isNumber) _ready.Enqueue('-');
        _isNegative = false;
        foreach (var letter in isNumber ? "null" : word) _ready.Enqueue(letter);
    }
}
