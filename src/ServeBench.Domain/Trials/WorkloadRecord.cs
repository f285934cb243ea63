namespace ServeBench.Domain.Trials;

public sealed record WorkloadRecord(string Name, string Title, string Payload, IReadOnlyList<ScenarioRecord> Scenarios);

/// <param name="Levels">The levels' short names with how people read them.</param>
public sealed record ScenarioRecord(string Name, string Title, string Question, IReadOnlyList<LevelRecord> Levels);

public sealed record LevelRecord(string Id, string Title);
