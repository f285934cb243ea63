namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>The dimensions of a tensor, outermost first, each greater than 0.</summary>
internal readonly record struct TensorShape
{
    public const int Most = 4;

    private readonly int _d0;
    private readonly int _d1;
    private readonly int _d2;
    private readonly int _d3;

    private TensorShape(ReadOnlySpan<int> sizes)
    {
        Dimensions = sizes.Length;
        (_d0, _d1, _d2, _d3) = (sizes[0], At(sizes, 1), At(sizes, 2), At(sizes, 3));
    }

    /// <summary>How many there are; 0 of a shape that was not given.</summary>
    public int Dimensions { get; }

    /// <summary>The first dimension: each row is an item of its own.</summary>
    public int Rows => _d0;

    /// <summary>The second dimension; 1 where there is none.</summary>
    public int Columns => _d1;

    /// <summary>Numbers in all; as many as can be counted where there are more.</summary>
    public long Elements => (long)Int128.Min((Int128)_d0 * _d1 * ((Int128)_d2 * _d3), long.MaxValue);

    /// <summary>A dimension; 1 where there are fewer.</summary>
    public int this[int index] => index switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 };

    /// <param name="sizes">One to <see cref="Most"/>.</param>
    public static TensorShape Of(ReadOnlySpan<int> sizes) => new(sizes);

    /// <summary>What is said of shapes that no input has.</summary>
    public static ApiError Wrong(int most) => ApiError.Invalid($"a shape must hold 1 to {most} whole numbers greater than 0", "shape");

    public override string ToString()
    {
        int[] sizes = [_d0, _d1, _d2, _d3];
        return $"[{string.Join(',', sizes.Take(Dimensions))}]";
    }

    private static int At(ReadOnlySpan<int> sizes, int index) => index < sizes.Length ? sizes[index] : 1;
}
