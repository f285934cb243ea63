using System.Text;
using ServeBench.Domain.Stacks;

namespace ServeBench.Load.Answers;

/// <summary>A condition on the fields of an answer's head.</summary>
internal sealed class HeaderMatcher(HeaderCondition condition)
{
    private readonly byte[] _name = System.Text.Encoding.ASCII.GetBytes(condition.Name);
    private readonly byte[]? _value = condition.Value is { } value ? System.Text.Encoding.UTF8.GetBytes(value) : null;

    /// <param name="head">Fields, each with a line feed at its end.</param>
    public bool Fits(ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty)
        {
            var end = head.IndexOf((byte)'\n');
            var line = end < 0 ? head : head[..end];
            head = end < 0 ? default : head[(end + 1)..];
            var colon = line.IndexOf((byte)':');
            if (colon != _name.Length || !Ascii.EqualsIgnoreCase(line[..colon], _name)) continue;
            if (_value is null || line[(colon + 1)..].Trim(" \t\r"u8).SequenceEqual(_value)) return condition.IsPresent;
        }
        return !condition.IsPresent;
    }
}
