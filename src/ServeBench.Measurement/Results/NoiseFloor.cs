namespace ServeBench.Measurement.Results;

/// <summary>
/// How much trials scatter on one question of one workload, once what blocks share is taken out: what is smaller shows nothing.
/// </summary>
/// <param name="Spread">Robust standard deviation of the logarithm of one trial, pooled over stacks: 0.04 for 4 %.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="DegreesOfFreedom">That the spread rests on.</param>
/// <param name="Trials">Of each stack, the fewest.</param>
/// <param name="ResolvableRatio">The smallest ratio that this run could call better.</param>
/// <param name="SureRatio">The smallest true ratio that a run like this calls better nine times in ten.</param>
/// <param name="TrialsForFivePercent">Trials of each stack with which intervals reach 5 % to either side; null when no feasible
/// number would do.</param>
/// <param name="Twins">Stacks that took part twice: whether the procedure finds them equal.</param>
public sealed record NoiseFloor(
    string Question,
    string Workload,
    string Model,
    string Host,
    string Scenario,
    string? Level,
    string Metric,
    double Spread,
    double Low,
    double High,
    int DegreesOfFreedom,
    int Trials,
    double ResolvableRatio,
    double SureRatio,
    int? TrialsForFivePercent,
    IReadOnlyList<TwinCheck> Twins);

/// <summary>The A/A comparison of a stack with itself under two labels.</summary>
/// <param name="Ratio">How many times as good the first label is.</param>
/// <param name="Low">Lower end of its 95 % interval, this pair alone.</param>
/// <param name="High">Upper end.</param>
/// <param name="Covers">Whether the interval holds 1, as it should 95 times in 100.</param>
public sealed record TwinCheck(string Stack, double Ratio, double Low, double High, bool Covers);
