namespace ServeBench.Work;

/// <summary>What people call what goes in and what comes out, in the plural.</summary>
/// <param name="Inputs">What a request holds: <c>texts</c>.</param>
/// <param name="Items">What it is answered with, one for each input: what throughput counts.</param>
public sealed record Nouns(string Inputs, string Items);
