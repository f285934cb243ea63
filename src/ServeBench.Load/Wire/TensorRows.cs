using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Wire;

/// <summary>Cuts the numbers of a tensor into its rows.</summary>
internal static class TensorRows
{
    /// <param name="numbers">All of them, row after row.</param>
    /// <param name="at">Where they stand, for faults.</param>
    /// <param name="shape">[rows, ...]; their product is how many numbers there are.</param>
    /// <param name="from">What yielded the shape, for faults.</param>
    /// <exception cref="AnswerShapeException">when the shape is that of other numbers.</exception>
    public static IEnumerable<float[]> Of(float[] numbers, string at, IReadOnlyList<long> shape, JsonPath from)
    {
        var product = shape.Aggregate(1.0, (all, size) => all * size);
        if (shape.Count == 0 || product != numbers.Length)
            throw new AnswerShapeException($"{at} has {numbers.Length} numbers, but {from} says [{string.Join(", ", shape)}]");
        return numbers.Length == 0 ? Enumerable.Repeat<float[]>([], (int)shape[0]) : numbers.Chunk(numbers.Length / (int)shape[0]);
    }
}
