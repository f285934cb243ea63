namespace ServeBench.Measurement.Evidence;

/// <summary>
/// Proves what <c>--target=Compare</c> says of two runs: how often it errs when the truth is known. Deterministic: seeded, and
/// without a clock.
/// </summary>
public static class ChangeEvidence
{
    /// <summary>So many pairs of runs are simulated for every figure.</summary>
    public const int Repetitions = 2000;

    private static readonly TrialNoise[] Noises = [new(0.02, 0.01, 0, false), new(0.04, 0.02, 0, false), new(0.04, 0.05, 0.05, true)];

    private static readonly (int Stacks, int Trials)[] Sizes = [(1, 3), (1, 6), (2, 3), (2, 6), (8, 3), (8, 6), (8, 10)];

    /// <summary>Writes the tables, line by line.</summary>
    public static void Tell(Action<string> say, CancellationToken cancellationToken, int repetitions = Repetitions)
    {
        say($"Two runs compared, {repetitions:#,0} simulated pairs a figure. "
            + "False alarm: share with any \"regression\" of a stack that lost 5 % or less:");
        say("the same code, and code that lost exactly 5 %. False unchanged: with any \"unchanged\" of a stack that lost 5 %. "
            + "Coverage: all intervals hold.");
        foreach (var noise in Noises)
        {
            say("");
            say($"{noise}");
            say("  stacks  trials   same code  lost 5 %  false unchanged  coverage   found: lost 10 %     15 %     30 %");
            foreach (var (stacks, trials) in Sizes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ChangeRates Of(double factor) => ChangeRates.Of(noise, factor, stacks, trials, repetitions);
                var (same, edge) = (Of(1), Of(1 / 1.05));
                say($"  {stacks,6}  {trials,6}  {Share(same.FalseAlarm),10}  {Share(edge.FalseAlarm),8}  " +
                    $"{Share(edge.FalseUnchanged),15}  " +
                    $"{Share(same.Coverage),8}  {Share(Of(0.9).Found),17}  {Share(Of(0.85).Found)}  {Share(Of(0.7).Found)}");
            }
        }
        Shifted(say, repetitions, cancellationToken);
    }

    /// <summary>What no statistics within the runs can see.</summary>
    private static void Shifted(Action<string> say, int repetitions, CancellationToken cancellationToken)
    {
        say("");
        say("The machine itself changes between the runs and stays so for all of one (2 stacks, 6 trials, 2 % residual): "
            + "false alarms of the same code");
        foreach (var between in (double[])[0, 0.02, 0.05, 0.10])
        {
            cancellationToken.ThrowIfCancellationRequested();
            say($"  by {100 * between,2:0} %  {Share(ChangeRates.Of(Noises[0], 1, 2, 6, repetitions, between).FalseAlarm)}");
        }
    }

    private static string Share(double share) => $"{100 * share,5:0.0} %";
}
