namespace ServeBench.Domain.Plans;

/// <param name="Number">From 1; equal to the trial number of its steps.</param>
public sealed record PlannedBlock(int Number, IReadOnlyList<PlannedStep> Steps);

/// <summary>Something that a block does at one place in its random order.</summary>
/// <param name="Label">What the recorded order calls it.</param>
public abstract record PlannedStep(string Label);
