namespace ServeBench.Measurement.Evidence;

/// <summary>What is true of the stacks of a simulated run.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Merits">Logarithm of each stack's value, by how many stacks there are; higher is better.</param>
internal sealed record Truth(string Name, Func<int, double[]> Merits)
{
    /// <summary>Picking the best by its estimate biases most.</summary>
    public static Truth Equal { get; } = new("all equal", stacks => new double[stacks]);

    /// <summary>Neither "better" nor "equivalent" is true of any pair with the best: the hardest case for both errors.</summary>
    public static Truth AtThreshold { get; } = Ahead(1.05);

    /// <summary>The best ties with another, and the rest trail by 3 % more each.</summary>
    public static Truth Ladder { get; } =
        new("a ladder", stacks => [.. Enumerable.Range(0, stacks).Select(s => s < 2 ? 0 : -0.03 * (s - 1))]);

    /// <summary>One stack is so many times as good as all others.</summary>
    public static Truth Ahead(double ratio) =>
        new($"one ahead by {(ratio - 1) * 100:0} %", stacks => [.. Enumerable.Range(0, stacks).Select(s => s == 0 ? 0 : -Math.Log(ratio))]);
}
