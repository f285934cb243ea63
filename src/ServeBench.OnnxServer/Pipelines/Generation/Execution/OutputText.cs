using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>
/// The text of a sequence as its tokens come. What may be shown of it never ends within a character, nor within what may become a stop
/// string. One thread adds to it; others may read what has been released meanwhile.
/// </summary>
/// <param name="tokenizer">What the tokens are of.</param>
internal sealed class OutputText(ByteLevelTokenizer tokenizer)
{
    /// <summary>Characters of the first piece of memory that is taken.</summary>
    private const int Least = 256;

    private readonly TokenText _decoded = new(tokenizer);
    private volatile char[] _text = [];
    private int _length;

    /// <summary>Characters that may be shown; grows only.</summary>
    public int Released { get; private set; }

    /// <summary>What has been released, from a place to another.</summary>
    public ReadOnlySpan<char> Slice(int from, int to) => _text.AsSpan(from, to - from);

    /// <summary>Adds a token's text.</summary>
    /// <returns>True when the text has come to a stop string, and is over.</returns>
    public bool Add(int token, in GenerationSettings settings)
    {
        var piece = _decoded.Add(token);
        Append(piece);
        var at = FirstStop(piece.Length, settings.Stops);
        if (at >= 0 && !settings.KeepsStop) _length = at;
        Released = at >= 0 || settings.KeepsStop ? _length : _length - HeldBack(settings.Stops);
        return at >= 0;
    }

    /// <summary>Releases what was held back, and stands for a character that was never completed.</summary>
    public void Finish()
    {
        Append(_decoded.Finish());
        Released = _length;
    }

    private void Append(string piece)
    {
        if (_text.Length - _length < piece.Length)
        {
            // Who reads the old array finds all in it that had been released.
            var larger = new char[Math.Max(Math.Max(Least, _text.Length * 2), _length + piece.Length)];
            _text.AsSpan(0, _length).CopyTo(larger);
            _text = larger;
        }
        piece.CopyTo(_text.AsSpan(_length));
        _length += piece.Length;
    }

    /// <summary>Where the first stop string begins that ends within the last characters; -1 for none.</summary>
    private int FirstStop(int added, IReadOnlyList<string> stops)
    {
        var first = -1;
        foreach (var stop in stops)
        {
            var from = Math.Max(0, _length - added - stop.Length + 1);
            var at = _text.AsSpan(from, _length - from).IndexOf(stop);
            if (at >= 0 && (first < 0 || from + at < first)) first = from + at;
        }
        return first;
    }

    /// <summary>Characters at the end that may be the beginning of a stop string.</summary>
    private int HeldBack(IReadOnlyList<string> stops)
    {
        var most = 0;
        foreach (var stop in stops)
        {
            for (var k = Math.Min(stop.Length - 1, _length); k > most; k--)
            {
                if (_text.AsSpan(_length - k, k).SequenceEqual(stop.AsSpan(0, k))) most = k;
            }
        }
        return most;
    }
}
