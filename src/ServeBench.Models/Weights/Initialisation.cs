namespace ServeBench.Models.Weights;

/// <summary>How a tensor of seeded weights is drawn. All quantities are whole multiples of 2^-24, so that every value is exact.</summary>
public abstract record Initialisation
{
    /// <summary>One in units of 2^-24.</summary>
    public const int One = 1 << 24;

    /// <summary>Bell-shaped values around a mean.</summary>
    /// <param name="Mean">In units of 2^-24.</param>
    /// <param name="Deviation">Standard deviation, in units of 2^-24.</param>
    public sealed record Noise(int Mean, int Deviation) : Initialisation;

    /// <summary>
    /// Bell-shaped values in pairs that sum to zero: what all inputs of a filter have in common does not pass it, so that what tells two
    /// inputs apart does not drown in it.
    /// </summary>
    /// <param name="Deviation">Standard deviation, in units of 2^-24.</param>
    public sealed record PairedNoise(int Deviation) : Initialisation;

    /// <summary>
    /// Biases of the last layer. They are drawn around 0, and then set so that the mean of the network's results over some inputs is zero
    /// for each of them: what all inputs have in common decides nothing, and what tells them apart does.
    /// </summary>
    /// <param name="Deviation">Standard deviation of what is drawn, in units of 2^-24.</param>
    /// <param name="Inputs">Hash of the inputs.</param>
    public sealed record Centred(int Deviation, string Inputs) : Initialisation;

    /// <summary>As <see cref="PairedNoise"/> for a matrix [inputs, outputs], where the weights of one output lie a row apart.</summary>
    /// <param name="Deviation">Standard deviation, in units of 2^-24.</param>
    /// <param name="Columns">Outputs.</param>
    public sealed record PairedRows(int Deviation, int Columns) : Initialisation;

    /// <summary>Integers 0, 1, 2, ...: the position ids that some checkpoints store.</summary>
    public sealed record Counting : Initialisation;

    /// <summary>Values with mean 0 and a standard deviation of <paramref name="perMille"/> thousandths.</summary>
    public static Initialisation Around0(int perMille) => new Noise(0, Thousandths(perMille));

    /// <summary>Values around 0, to be centred over some inputs.</summary>
    public static Initialisation CentredOver(string inputs, int perMille) => new Centred(Thousandths(perMille), inputs);

    /// <summary>Values with mean 1 and a standard deviation of <paramref name="perMille"/> thousandths.</summary>
    public static Initialisation Around1(int perMille) => new Noise(One, Thousandths(perMille));

    /// <summary>
    /// A linear layer's weights, with standard deviation 1/sqrt(inputs): an input of unit variance gives an output of unit
    /// variance, so activations neither vanish nor explode however deep the network is.
    /// </summary>
    public static Initialisation Linear(int inputs) => new Noise(0, (int)IntegerSquareRoot((ulong)One * One / (ulong)inputs));

    /// <summary>Values around a mean, both in thousandths.</summary>
    public static Initialisation Around(int mean, int deviation) => new Noise(Thousandths(mean), Thousandths(deviation));

    /// <summary>
    /// A filter over rectified inputs, in pairs that sum to zero. A standard normal variable has, rectified, a variance of
    /// 1/2 - 1/(2 pi) = 0.341, which this brings back to 1.
    /// </summary>
    public static Initialisation BalancedOverRectified(int inputs) =>
        new PairedNoise((int)IntegerSquareRoot((ulong)One * One / (ulong)inputs * 1000 / 341));

    /// <summary>As <see cref="BalancedOverRectified"/>, stored as [inputs, outputs].</summary>
    public static Initialisation BalancedByInputs(int inputs, int outputs) =>
        new PairedRows((int)IntegerSquareRoot((ulong)One * One / (ulong)inputs * 1000 / 341), outputs);

    /// <summary>A linear layer's weights with a part of the deviation of <see cref="Linear"/>.</summary>
    /// <param name="divisor">What the deviation is divided by.</param>
    public static Initialisation Lessened(int inputs, int divisor) =>
        new Noise(0, (int)IntegerSquareRoot((ulong)One * One / (ulong)inputs) / divisor);

    /// <summary>A filter over inputs that have not been rectified, in pairs that sum to zero.</summary>
    public static Initialisation Balanced(int inputs) => new PairedNoise((int)IntegerSquareRoot((ulong)One * One / (ulong)inputs));

    /// <summary>A filter over few rectified inputs, such as one channel's neighbourhood (He et al. 2015).</summary>
    public static Initialisation Rectified(int inputs) => new Noise(0, (int)IntegerSquareRoot((ulong)One * One * 2 / (ulong)inputs));

    private static int Thousandths(int perMille) => (int)((long)One * perMille / 1000);

    /// <summary>The largest whole number whose square is at most <paramref name="value"/>, by Newton's iteration on integers.</summary>
    private static ulong IntegerSquareRoot(ulong value)
    {
        if (value < 2) return value;
        var guess = value;
        var better = (guess + 1) / 2;
        while (better < guess)
        {
            guess = better;
            better = (guess + (value / guess)) / 2;
        }
        return guess;
    }
}
