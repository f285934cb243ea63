using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Evaluation;

/// <summary>The place of a case in the manifest's order, and what its level is called there.</summary>
internal sealed class CasePlaces
{
    private readonly List<string> _contenders;
    private readonly List<string> _models;
    private readonly Dictionary<(string Workload, string Scenario, string Level), (int Place, string Title)> _levels = [];

    public CasePlaces(RunManifest manifest)
    {
        _contenders = [.. manifest.Contenders.Select(c => c.Label)];
        _models = [.. manifest.Models.Select(m => m.Name)];
        foreach (var workload in manifest.Workloads)
        {
            foreach (var scenario in workload.Scenarios)
            {
                foreach (var level in scenario.Levels) _levels[(workload.Name, scenario.Name, level.Id)] = (_levels.Count, level.Title);
            }
        }
    }

    /// <summary>Comparable: by model, then workload, scenario and level, then contender.</summary>
    public (int Model, int Level, int Contender) Of(CaseRecord of) =>
        (_models.IndexOf(of.Model), Level(of).Place, _contenders.IndexOf(of.Contender));

    public string LevelTitle(CaseRecord of) => Level(of).Title;

    private (int Place, string Title) Level(CaseRecord of) =>
        _levels.TryGetValue((of.Workload, of.Scenario, of.Level), out var level) ? level : (int.MaxValue, of.Level);
}
