using ServeBench.Domain.Models;
using ServeBench.Domain.Workloads;
using ServeBench.Work;

namespace ServeBench.Runs.Loading;

/// <summary>One answer checker for each kind of work of each model.</summary>
internal sealed class CheckerPool(KnownWork work, IReadOnlyDictionary<string, ModelArtifact> models) : IDisposable
{
    private readonly Dictionary<(string Work, string Model), AnswerChecker> _checkers = [];

    public AnswerChecker Of(Workload workload, string model)
    {
        var kind = work.Of(workload);
        if (_checkers.TryGetValue((kind.Name, model), out var known)) return known;
        return _checkers[(kind.Name, model)] = new AnswerChecker(kind, kind.Expectations(models[model]));
    }

    /// <summary>One that reads answers and does not compare them.</summary>
    public AnswerChecker Reading(Workload workload) => new(work.Of(workload), null);

    public void Dispose()
    {
        foreach (var checker in _checkers.Values) checker.Dispose();
    }
}
