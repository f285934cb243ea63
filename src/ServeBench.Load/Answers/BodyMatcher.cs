using System.Text.Json;
using ServeBench.Domain.Stacks;

namespace ServeBench.Load.Answers;

/// <summary>
/// A condition on a body, made ready to be asked of many. Text is searched for in the bytes. A path is followed only into a body that
/// contains the name of its last member, so that one without it costs no more than that search. Nothing is allocated, except where a body
/// with that name is no JSON before the path's end (an exception), and for a value with escapes that is longer than 1024 bytes (a copy).
/// </summary>
public sealed class BodyMatcher
{
    private const int MostOnStack = 1024;

    /// <summary>Null where the whole body is looked at.</summary>
    private readonly PathReader? _path;

    /// <summary>The name of the path's last member in quotation marks; empty where it has none.</summary>
    private readonly byte[] _hint;

    private readonly byte[]? _value;
    private readonly byte[][] _text;
    private readonly byte[][] _without;

    /// <param name="condition">What is asked.</param>
    public BodyMatcher(BodyCondition condition)
    {
        _path = condition.Path is { } path ? new PathReader(path) : null;
        _hint = condition.Path?.Steps.LastOrDefault(s => s.Member is not null).Member is { } last ? Bytes($"\"{last}\"") : [];
        _value = condition.Value is { } value ? Bytes(value) : null;
        _text = [.. condition.Text.Select(Bytes)];
        _without = [.. condition.Without.Select(Bytes)];
    }

    /// <param name="body">A body, or its beginning; or the data of an event.</param>
    public bool Fits(ReadOnlySpan<byte> body)
    {
        if (_path is null) return TextFits(body);
        if (body.IndexOf(_hint) < 0) return false;
        try
        {
            // It may be cut anywhere.
            var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
            return _path.Follow(ref reader) && reader.TokenType != JsonTokenType.Null && ValueFits(ref reader, body);
        }
        catch (JsonException)
        {
            // No JSON before the path's end: it does not yield anything.
            return false;
        }
    }

    private bool ValueFits(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
        {
            var length = reader.ValueSpan.Length;
            Span<byte> space = length <= MostOnStack ? stackalloc byte[length] : new byte[length];
            return ValueFits(space[..reader.CopyString(space)]);
        }
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return ValueFits(reader.ValueSpan);
        var start = (int)reader.TokenStartIndex;
        // Where the body is cut within the value, what there is of it is what can be looked at.
        if (!reader.TrySkip()) return ValueFits(body[start..]);
        return ValueFits(body[start..(int)reader.BytesConsumed]);
    }

    private bool ValueFits(ReadOnlySpan<byte> value) => (_value is null || value.SequenceEqual(_value)) && TextFits(value);

    private bool TextFits(ReadOnlySpan<byte> text)
    {
        foreach (var absent in _without)
            if (text.IndexOf(absent) >= 0) return false;
        if (_text.Length == 0) return true;
        foreach (var wanted in _text)
            if (text.IndexOf(wanted) >= 0) return true;
        return false;
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
