using System.Text.Json;
using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Answers;

/// <summary>A path, made ready to be followed into the bytes of many JSON texts. Allocates nothing.</summary>
internal sealed class PathReader(JsonPath path)
{
    private readonly JsonPathStep[] _steps = [.. path.Steps];
    private readonly byte[][] _members = [.. path.Steps.Select(s => System.Text.Encoding.UTF8.GetBytes(s.Member ?? ""))];

    /// <summary>Goes to the value that the path yields, of every element to the first.</summary>
    /// <returns>False when there is none; else the reader is at it.</returns>
    public bool Follow(ref Utf8JsonReader reader)
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
}
