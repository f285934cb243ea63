using ServeBench.Domain.Plans;

namespace ServeBench.Domain.Workloads;

/// <summary>
/// Reads the scenarios of one kind out of workload files. One class beside each scenario, with a public parameterless constructor, found
/// by <see cref="ScenarioKinds"/>.
/// </summary>
public interface IScenarioKind
{
    /// <summary>What a file names under <c>loop:</c>.</summary>
    Loop Loop { get; }

    /// <summary>The key of its levels, which distinguishes it from the other kinds of its loop.</summary>
    string Key { get; }

    /// <summary>True for the kind of its loop that a scenario is where it has the key of no other.</summary>
    bool IsUsual => false;

    /// <summary>Reads the keys that are its own, adding faults for what is wrong.</summary>
    Scenario Read(ScenarioSection of);
}

/// <summary>Every kind of scenario of this assembly, found by reflection.</summary>
public static class ScenarioKinds
{
    public static IReadOnlyList<IScenarioKind> All { get; } = Plugins.Of<IScenarioKind>(k => $"{k.Loop.Name} {k.Key}");
}
