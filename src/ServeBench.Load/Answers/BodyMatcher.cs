using System.Text.Json;
using ServeBench.Domain.Protocols;
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

    private readonly JsonPathStep[] _steps;
    private readonly byte[][] _members;

    /// <summary>The name of the path's last member in quotation marks; empty where it has none.</summary>
    private readonly byte[] _hint;

    private readonly byte[]? _value;
    private readonly byte[][] _text;
    private readonly byte[][] _without;

    /// <param name="condition">What is asked.</param>
    public BodyMatcher(BodyCondition condition)
    {
        _steps = [.. condition.Path?.Steps ?? []];
        _members = [.. _steps.Select(s => Bytes(s.Member ?? ""))];
        _hint = Array.FindLast(_steps, s => s.Member is not null).Member is { } last ? Bytes($"\"{last}\"") : [];
        _value = condition.Value is { } value ? Bytes(value) : null;
        _text = [.. condition.Text.Select(Bytes)];
        _without = [.. condition.Without.Select(Bytes)];
    }

    /// <param name="body">A body, or its beginning; or the data of an event.</param>
    public bool Fits(ReadOnlySpan<byte> body)
    {
        if (_steps.Length == 0) return TextFits(body);
        if (body.IndexOf(_hint) < 0) return false;
        try
        {
            // It may be cut anywhere.
            var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
            return Follow(ref reader) && reader.TokenType != JsonTokenType.Null && ValueFits(ref reader, body);
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

    /// <summary>Goes to the value that the path yields, of every element to the first.</summary>
    /// <returns>False when there is none; else the reader is at it.</returns>
    private bool Follow(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!(_steps[i].Member is null ? ToElement(ref reader, _steps[i].Index ?? 0) : ToMember(ref reader, _members[i]))) return false;
        }
        return true;
    }

    private static bool ToMember(ref Utf8JsonReader reader, byte[] name)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            if (!reader.Read()) return false;
            if (isIt) return true;
            if (!reader.TrySkip()) return false;
        }
        return false;
    }

    private static bool ToElement(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index--)
        {
            if (index == 0) return true;
            if (!reader.TrySkip()) return false;
        }
        return false;
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
