using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Deploying;

/// <summary>Divides a cold start into its parts.</summary>
internal static class ColdStartParts
{
    /// <param name="seconds">Launch to first correct answer.</param>
    /// <param name="container">Launch to the server's first process; null where the host does not report it.</param>
    /// <param name="model">What the server says that loading its model took; null when it does not say.</param>
    /// <param name="answer">The first correct answer, from its request on.</param>
    public static ColdStartRecord Of(double seconds, double? container, double? model, double answer)
    {
        // Other clocks than ours measured two of the parts: none may be longer than what it is a part of.
        answer = Math.Clamp(answer, 0, seconds);
        container = container is { } c ? Math.Clamp(c, 0, seconds - answer) : null;
        model = model is { } m ? Math.Clamp(m, 0, seconds - answer - (container ?? 0)) : null;
        return new ColdStartRecord(
            seconds, container, container is null ? null : seconds - container - answer - (model ?? 0), model, answer);
    }

    /// <summary>How many starts a trial adds, so that all trials together have as many as wanted, spread evenly.</summary>
    /// <param name="wanted">Cold starts in all.</param>
    /// <param name="trials">Trials, each of which has one anyway.</param>
    /// <param name="trial">Which of them, from 1.</param>
    public static int FurtherIn(int wanted, int trials, int trial)
    {
        var further = Math.Max(0, wanted - trials);
        return further * trial / trials - further * (trial - 1) / trials;
    }
}
