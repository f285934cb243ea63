using System.Globalization;
using System.Text;

namespace ServeBench.Load.Protobuf;

/// <summary>A .proto file is not one that is read here.</summary>
/// <param name="line">One-based.</param>
/// <param name="problem">What is wrong.</param>
/// <param name="remedy">What to do; empty when the problem says it.</param>
internal sealed class ProtoFileException(int line, string problem, string remedy = "") : Exception(problem)
{
    public int Line => line;

    public string Remedy => remedy;
}

/// <summary>The words, numbers, texts and signs of a .proto file, one after the other.</summary>
internal sealed class ProtoTokens
{
    private readonly List<(string Text, int Line, bool IsText)> _tokens = [];
    private int _next;

    /// <exception cref="ProtoFileException">when a comment or a text does not end.</exception>
    public ProtoTokens(string source) => Split(source);

    public bool AtEnd => _next == _tokens.Count;

    /// <summary>The line of the next token; of the last one at the end.</summary>
    public int Line => _tokens.Count == 0 ? 1 : _tokens[Math.Min(_next, _tokens.Count - 1)].Line;

    /// <summary>The next token without taking it; empty at the end, and where it is a text.</summary>
    public string Peek => AtEnd || _tokens[_next].IsText ? "" : _tokens[_next].Text;

    /// <summary>Whether the next token is a text.</summary>
    public bool IsText => !AtEnd && _tokens[_next].IsText;

    /// <summary>Takes the next token if it is that one, and no text.</summary>
    public bool Try(string token)
    {
        if (AtEnd || _tokens[_next].IsText || _tokens[_next].Text != token) return false;
        _next++;
        return true;
    }

    /// <exception cref="ProtoFileException">when the next is another.</exception>
    public void Expect(string token)
    {
        if (!Try(token)) throw Wrong($"'{token}'");
    }

    /// <summary>Takes whatever comes next.</summary>
    public string Any() => AtEnd ? throw Wrong("something") : _tokens[_next++].Text;

    /// <summary>A word: letters, digits and underscores.</summary>
    public string Word()
    {
        if (Peek is not [var first, ..] || !(char.IsAsciiLetter(first) || first == '_')) throw Wrong("a name");
        return _tokens[_next++].Text;
    }

    /// <summary>Words with dots between them, perhaps with one before.</summary>
    public string Name()
    {
        var name = new StringBuilder(Try(".") ? "." : "");
        name.Append(Word());
        while (Try(".")) name.Append('.').Append(Word());
        return name.ToString();
    }

    public string Text()
    {
        if (!IsText) throw Wrong("a text in quotation marks");
        var text = _tokens[_next++].Text;
        while (IsText) text += _tokens[_next++].Text;
        return text;
    }

    /// <summary>A whole number, perhaps with a sign; decimal, octal (0...) or hexadecimal (0x...).</summary>
    public int Number()
    {
        var isNegative = Try("-");
        var text = Peek;
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var digits = isHex ? text[2..] : text;
        var isOctal = !isHex && text is ['0', _, ..];
        if (isOctal && text.AsSpan().ContainsAnyExceptInRange('0', '7')
            || !ulong.TryParse(digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, null, out var number))
            throw Wrong("a whole number");
        if (isOctal) number = Octal(text);
        if (number > int.MaxValue + (isNegative ? 1UL : 0UL)) throw new ProtoFileException(Line, $"{text} is too large a number");
        _next++;
        return (int)(isNegative ? -(long)number : (long)number);
    }

    /// <summary>Passes over everything up to a semicolon, groups in braces and brackets among it.</summary>
    public void SkipStatement()
    {
        for (var depth = 0; ; _next++)
        {
            if (AtEnd) throw new ProtoFileException(Line, "the file ends within a statement", "Is a brace or a semicolon missing?");
            var (text, _, isText) = _tokens[_next];
            if (isText) continue;
            if (text is "{" or "[") depth++;
            else if (text is "}" or "]") depth--;
            else if (text == ";" && depth == 0) break;
            if (depth < 0) throw Wrong("';'");
        }
        _next++;
    }

    public ProtoFileException Wrong(string expected) =>
        new(Line, AtEnd ? $"the file ends where {expected} is expected" : $"'{_tokens[_next].Text}' stands where {expected} is expected");

    private static ulong Octal(string text) =>
        text.Aggregate(0UL, (sum, digit) => sum > int.MaxValue + 1UL ? sum : sum * 8 + (ulong)(digit - '0'));

    private void Split(string source)
    {
        var line = 1;
        for (var at = 0; at < source.Length;)
        {
            var one = source[at];
            var start = at;
            if (one == '\n') line++;
            if (char.IsWhiteSpace(one) || one == '\uFEFF')
            {
                at++;
            }
            else if (source.AsSpan(at).StartsWith("//"))
            {
                at = source.IndexOf('\n', at) is >= 0 and var end ? end : source.Length;
            }
            else if (source.AsSpan(at).StartsWith("/*"))
            {
                var end = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0) throw new ProtoFileException(line, "a comment does not end", "Close it with */");
                line += source.AsSpan(at, end - at).Count('\n');
                at = end + 2;
            }
            else if (one is '"' or '\'')
            {
                for (at++; at < source.Length && source[at] != one && source[at] != '\n'; at++)
                    if (source[at] == '\\') at++;
                if (at >= source.Length || source[at] != one) throw new ProtoFileException(line, "a text does not end on its line");
                _tokens.Add((source[(start + 1)..at], line, true));
                at++;
            }
            else if (char.IsAsciiLetterOrDigit(one) || one == '_')
            {
                while (at < source.Length && (char.IsAsciiLetterOrDigit(source[at]) || source[at] == '_')) at++;
                _tokens.Add((source[start..at], line, false));
            }
            else
            {
                _tokens.Add((source[at..++at], line, false));
            }
        }
    }
}
