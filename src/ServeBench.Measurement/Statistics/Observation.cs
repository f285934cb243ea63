namespace ServeBench.Measurement.Statistics;

/// <summary>The logarithm of one trial's value, higher being better.</summary>
/// <param name="Stack">Number of the stack, from 0.</param>
/// <param name="Block">Number of the block that the trial was part of, from 0.</param>
/// <param name="Value">Natural logarithm; a difference of two is the logarithm of a ratio.</param>
public readonly record struct Observation(int Stack, int Block, double Value);
