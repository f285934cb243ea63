namespace ServeBench.Domain.Trials;

/// <summary>Separate seeds, so that changing one choice does not reshuffle the others.</summary>
/// <param name="Base">What <c>--seed</c> gave, or what was drawn; the others derive from it.</param>
/// <param name="Payload">Which texts, and in which order.</param>
/// <param name="Arrivals">Arrival times of open loops.</param>
/// <param name="Blocks">Order of contenders within blocks.</param>
public sealed record SeedRecord(long Base, long Payload, long Arrivals, long Blocks);
