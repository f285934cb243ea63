using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Results;

/// <summary>The window of the trial nearest to the median, in equal parts.</summary>
public sealed record TimelineResult(int Trial, double PartSeconds, IReadOnlyList<TimelinePart> Parts);
