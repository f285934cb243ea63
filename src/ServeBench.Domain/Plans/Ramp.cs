using ServeBench.Domain.Trials;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Plans;

/// <summary>A load that changes in straight lines: from where it starts to each stage's target, one after the other.</summary>
/// <param name="Start">Where it starts: requests in flight, or requests per second.</param>
/// <param name="Stages">In order, at least one.</param>
public sealed record Ramp(double Start, IReadOnlyList<RampStage> Stages)
{
    public TimeSpan Duration => Stages.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Duration);

    public double Least => Stages.Select(s => s.Target).Append(Start).Min();

    public double Greatest => Stages.Select(s => s.Target).Append(Start).Max();

    /// <summary>The area under the load: of an open loop the number of arrivals.</summary>
    public double Area => Stages.Select((s, i) => s.Duration.TotalSeconds * ((i == 0 ? Start : Stages[i - 1].Target) + s.Target) / 2).Sum();

    /// <summary>As records keep it.</summary>
    public RampRecord ToRecord() => new(Start, [.. Stages.Select(s => new RampStageRecord(s.Duration.TotalSeconds, s.Target))]);

    public static Ramp Of(RampRecord record) =>
        new(record.Start, [.. record.Stages.Select(s => new RampStage(TimeSpan.FromSeconds(s.Seconds), s.Target))]);

    /// <summary>The load held for a while before the first stage and after the last.</summary>
    public Ramp WithMargins(TimeSpan margin) =>
        this with { Stages = [new RampStage(margin, Start), .. Stages, new RampStage(margin, Stages[^1].Target)] };

    public bool Equals(Ramp? other) => other is not null && Start.Equals(other.Start) && Stages.SequenceEqual(other.Stages);

    public override int GetHashCode() => HashCode.Combine(Start, Stages.Count, Stages[^1]);

    /// <summary>All of it, for people and for fingerprints: <c>10 to 200 in 8s, to 20 in 4s</c>.</summary>
    public override string ToString() =>
        $"{Start:0.###} {string.Join(", ", Stages.Select(s => $"to {s.Target:0.###} in {DurationText.Format(s.Duration)}"))}";
}

/// <param name="Duration">How long it takes to get there; a stage of no length is a jump.</param>
/// <param name="Target">Where it ends: requests in flight, or requests per second.</param>
public sealed record RampStage(TimeSpan Duration, double Target);
