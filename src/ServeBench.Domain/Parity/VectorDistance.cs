namespace ServeBench.Domain.Parity;

/// <summary>How far apart two vectors are. Both must have the same number of components.</summary>
public static class VectorDistance
{
    /// <summary>Largest absolute difference of any component; not a number when any component is not.</summary>
    public static double Difference(IReadOnlyList<float> first, IReadOnlyList<float> second)
    {
        var worst = 0.0;
        // Math.Max keeps what is not a number.
        for (var i = 0; i < second.Count; i++) worst = Math.Max(worst, Math.Abs((double)first[i] - second[i]));
        return worst;
    }

    /// <summary>Cosine of the angle between them, -1 to 1; 0 when one has no length.</summary>
    public static double Cosine(IReadOnlyList<float> first, IReadOnlyList<float> second)
    {
        double dot = 0, left = 0, right = 0;
        for (var i = 0; i < second.Count; i++)
        {
            dot += (double)first[i] * second[i];
            left += (double)first[i] * first[i];
            right += (double)second[i] * second[i];
        }
        return left * right > 0 ? dot / Math.Sqrt(left * right) : 0;
    }
}
