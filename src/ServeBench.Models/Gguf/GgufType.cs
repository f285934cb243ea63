namespace ServeBench.Models.Gguf;

/// <summary>How a tensor's elements are stored; the numbers are those of the format.</summary>
public enum GgufType
{
    /// <summary>Single precision.</summary>
    F32 = 0,

    /// <summary>Half precision.</summary>
    F16 = 1,

    /// <summary>Blocks of 32 signed bytes with one scale in half precision.</summary>
    Q8_0 = 8,
}

public static class GgufTypes
{
    /// <summary>Elements of a block of <see cref="GgufType.Q8_0"/>.</summary>
    public const int BlockElements = 32;

    /// <summary>Bytes of a block: the scale, and the elements.</summary>
    public const int BlockBytes = 2 + BlockElements;

    /// <summary>Bytes of so many elements.</summary>
    public static long Bytes(this GgufType type, long elements) => type switch
    {
        GgufType.F32 => 4 * elements,
        GgufType.F16 => 2 * elements,
        _ => elements / BlockElements * BlockBytes,
    };
}
