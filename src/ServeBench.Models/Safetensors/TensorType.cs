namespace ServeBench.Models.Safetensors;

/// <summary>
/// The element types of safetensors files, named as the format names them. Those that our models compute with can be read; of the
/// others only the place is known.
/// </summary>
public enum TensorType
{
    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of a single: 8 bits of exponent, 7 of fraction.</summary>
    BF16,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>IEEE 754 double precision.</summary>
    F64,

    /// <summary>One byte for each truth value.</summary>
    BOOL,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>
    /// A type that this program does not know, for example of quantised weights. Its tensors cannot be read, and do not hinder
    /// that others are.
    /// </summary>
    Other,
}

public static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.BOOL or TensorType.U8 or TensorType.I8 => 1,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.I64 or TensorType.F64 or TensorType.U64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "the size of its elements is not known"),
    };

    /// <summary>True for types that weights may have: they are read in single precision.</summary>
    public static bool IsFloating(this TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.F64;
}
