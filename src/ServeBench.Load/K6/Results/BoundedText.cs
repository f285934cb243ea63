namespace ServeBench.Load.K6.Results;

/// <summary>A text whose lines are read with bounded memory: other people's files may hold anything.</summary>
/// <param name="inner">The text; it is closed with this.</param>
public sealed class BoundedText(TextReader inner) : TextReader
{
    /// <summary>Characters of the longest line; no load tool writes longer ones but by writing whole answers down.</summary>
    public const int LongestLine = 1 << 24;

    private readonly char[] _buffer = new char[1 << 14];
    private int _at;
    private int _filled;

    /// <summary>Lines that were read as such.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether the last line that was read had no line end, as in a file that was cut off there.</summary>
    public bool EndsOpen { get; private set; }

    public override int Peek() => Fill() ? _buffer[_at] : -1;

    public override int Read() => Fill() ? _buffer[_at++] : -1;

    public override int Read(char[] buffer, int index, int count)
    {
        if (count == 0 || !Fill()) return 0;
        var read = Math.Min(count, _filled - _at);
        Array.Copy(_buffer, _at, buffer, index, read);
        _at += read;
        return read;
    }

    /// <exception cref="InvalidDataException">when the line is longer than <see cref="LongestLine"/>.</exception>
    public override string? ReadLine()
    {
        if (!Fill()) return null;
        Lines++;
        System.Text.StringBuilder? line = null;
        while (Fill())
        {
            var rest = _buffer.AsSpan(_at, _filled - _at);
            var end = rest.IndexOfAny('\r', '\n');
            if (end >= 0)
            {
                var isReturn = rest[end] == '\r';
                var text = line is null ? rest[..end].ToString() : line.Append(rest[..end]).ToString();
                _at += end + 1;
                if (isReturn && Peek() == '\n') _at++;
                return text;
            }
            if ((line ??= new()).Length + rest.Length > LongestLine)
                throw new InvalidDataException($"a line is longer than {LongestLine} characters");
            line.Append(rest);
            _at = _filled;
        }
        EndsOpen = true;
        return line!.ToString();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        if (_at < _filled) return true;
        _at = 0;
        _filled = inner.Read(_buffer, 0, _buffer.Length);
        return _filled > 0;
    }
}
