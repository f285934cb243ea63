using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Evidence;

/// <summary>
/// Proves the verdicts: how often the published procedure errs when the truth is known, under the noise that trials have.
/// Deterministic: seeded, and without a clock.
/// </summary>
public static class VerdictEvidence
{
    /// <summary>So many runs are simulated for every figure.</summary>
    public const int Repetitions = 2000;

    private static readonly (int Stacks, int Trials)[] Sizes =
        [.. from stacks in (int[])[2, 4, 8, 20] from trials in (int[])[3, 4, 6, 10] select (stacks, trials)];

    private static readonly TrialNoise[] Noises =
    [
        new(0.02, 0, 0, false),
        new(0.04, 0.05, 0, false),
        new(0.02, 0.05, 0.05, false),
        new(0.04, 0.10, 0.05, false),
        new(0.04, 0.05, 0.05, true),
        new(0.10, 0.10, 0.05, true),
    ];

    private static readonly Truth[] Truths = [Truth.Equal, Truth.AtThreshold, Truth.Ladder];

    /// <summary>Writes the tables, line by line.</summary>
    public static void Tell(Action<string> say, CancellationToken cancellationToken, int repetitions = Repetitions)
    {
        say($"Verdicts over {repetitions:#,0} simulated runs a figure; "
            + $"the worst of three truths ({string.Join("; ", Truths.Select(t => t.Name))}).");
        say("False better and false equivalent: share of runs with any. "
            + "Coverage: share of runs in which all intervals hold, least and most.");
        say("Marked: ! more than 5 % beyond chance, < coverage below 93 %, > coverage above 97 % (wide intervals: "
            + "it errs towards undecided).");
        foreach (var noise in Noises)
        {
            say("");
            say($"{noise}");
            say("  stacks  trials  false better  false equivalent  coverage");
            foreach (var (stacks, trials) in Sizes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ErrorRates[] rates = [.. Truths.Select(t => ErrorRates.Of(Procedure.Published, noise, t, stacks, trials, repetitions))];
                var (better, equivalent) = (rates.Max(r => r.FalseBetter), rates.Max(r => r.FalseEquivalent));
                var (least, most) = (rates.Min(r => r.Coverage), rates.Max(r => r.Coverage));
                var marks =
                    (Math.Max(better, equivalent) > 0.05 + Chance(0.05, repetitions) ? " !" : "")
                    + (least < 0.93 - Chance(0.93, repetitions) ? " <" : "")
                    + (most > 0.97 + Chance(0.97, repetitions) ? " >" : "");
                say($"  {stacks,6}  {trials,6}  {Share(better),12}  {Share(equivalent),16}  {Share(least)} to {Share(most)}{marks}");
            }
        }
        Power(say, repetitions, cancellationToken);
        Races(say, repetitions / 4, cancellationToken);
    }

    private static void Power(Action<string> say, int repetitions, CancellationToken cancellationToken)
    {
        say("");
        say("Power: share of comparisons in which the stack that is ahead is called better (8 stacks, 6 trials, 5 % drift)");
        say("  residual                       5 %     10 %     15 %     30 %");
        foreach (var noise in (TrialNoise[])[
            new(0.02, 0.05, 0, false),
            new(0.04, 0.05, 0, false),
            new(0.04, 0.05, 0.05, false),
            new(0.10, 0.05, 0, false)])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = ((double[])[1.05, 1.10, 1.15, 1.30]).Select(
                r => ErrorRates.Of(Procedure.Published, noise, Truth.Ahead(r), 8, 6, repetitions).Power);
            say($"  {NumberText.Limit(noise.Residual),-4}{(noise.Contaminated > 0 ? ", 1 in 20 contaminated" : ""),-22} "
                + $"{string.Join("  ", found.Select(Share))}");
        }
    }

    private static void Races(Action<string> say, int repetitions, CancellationToken cancellationToken)
    {
        var most = Racing.FirstLook + Racing.MostLooks - 1;
        say("");
        say($"Races (--until=decided) of up to {most} blocks, {repetitions:#,0} a figure: any false \"better\" at any look; "
            + "how many end decided; trials spent");
        say("  stacks  residual                  truth               false winner  decided   trials  of");
        foreach (var stacks in (int[])[2, 8])
        {
            foreach (var noise in (TrialNoise[])[new(0.04, 0.05, 0, false), new(0.04, 0.05, 0.05, true)])
            {
                foreach (var truth in (Truth[])[Truth.Equal, Truth.AtThreshold, Truth.Ahead(1.15), Truth.Ladder])
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var rates = RaceRates.Of(noise, truth, stacks, most, repetitions);
                    say($"  {stacks,6}  {(noise.Contaminated > 0 ? "4 %, contaminated, unequal" : "4 %"),-24}  {truth.Name,-18}  "
                        + $"{Share(rates.FalseWinner),12}  {Share(rates.Decided)}  {rates.Trials,6:0.0}  {most * stacks}");
                }
            }
        }
    }

    /// <summary>Two standard errors of a share.</summary>
    private static double Chance(double share, int repetitions) => 2 * Math.Sqrt(share * (1 - share) / repetitions);

    private static string Share(double share) => $"{100 * share,5:0.0} %";
}
