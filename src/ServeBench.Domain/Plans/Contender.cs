using ServeBench.Domain.Stacks;

namespace ServeBench.Domain.Plans;

/// <summary>A stack as it takes part in a run. One stack of a run takes part twice, to measure the noise floor.</summary>
/// <param name="Label">Unique in the run: the stack's name, or that name with <see cref="TwinSuffix"/>.</param>
/// <param name="Stack">What is deployed.</param>
/// <param name="IsTwin">True for the second appearance of the same stack.</param>
public sealed record Contender(string Label, Stack Stack, bool IsTwin)
{
    public const string TwinSuffix = " (again)";
}
