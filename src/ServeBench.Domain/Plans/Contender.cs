using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;

namespace ServeBench.Domain.Plans;

/// <summary>A stack in one of its tracks, as it takes part in a run. One of a run takes part twice, to measure the noise floor.</summary>
/// <param name="Label">Unique in the run: see <see cref="Domain.Stacks.Track.Label"/>; with <see cref="TwinSuffix"/> for the twin.</param>
/// <param name="Stack">What is deployed.</param>
/// <param name="Track">How it is set up.</param>
/// <param name="IsTwin">True for the second appearance of the same stack and track.</param>
public sealed record Contender(string Label, Stack Stack, Track Track, bool IsTwin)
{
    public const string TwinSuffix = " (again)";

    public Contender(Stack stack, Track track)
        : this(Track.Label(stack.Name, track.Name), stack, track, false)
    {
    }

    /// <summary>How people are shown it, but for the twin's suffix.</summary>
    public string Title => Track.Label(Stack.Title, Track.Name);

    /// <summary>The same with the model in another precision: a contender of its own, called so like a track.</summary>
    /// <returns>This one where it is the stack's own precision.</returns>
    public Contender In(string precision) => precision == Stack.Precision
        ? this
        : new Contender(Stack with { Precision = precision }, Track with
        {
            Name = Track.Name == Track.Default ? precision : $"{Track.Name}, {precision}",
            Summary = $"{Track.Summary.TrimEnd('.')}; the model in {precision}",
        });
    /// <summary>How its files, folders and deployments are called; <c>_again</c> cannot come out of <see cref="FileNames"/>.</summary>
    public string FileName =>
        FileNames.Of(Track.Name == Track.Default ? [Stack.Name] : [Stack.Name, Track.Name]) + (IsTwin ? "_again" : "");

    public Contender Twin() => this with { Label = Label + TwinSuffix, IsTwin = true };
}
