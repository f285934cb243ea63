namespace ServeBench.Models.Tests.Measurements;

/// <summary>Measurements share the machine with nothing else of ours.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "measurements, one at a time";
}
