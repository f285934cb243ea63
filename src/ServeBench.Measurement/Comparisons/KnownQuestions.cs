using ServeBench.Domain;

namespace ServeBench.Measurement.Comparisons;

/// <summary>The questions that there are, by id.</summary>
/// <param name="questions">No two of one id.</param>
public sealed class KnownQuestions(IReadOnlyList<Question> questions)
{
    /// <summary>Every question of this assembly, found by reflection: a new one is one new file and nothing else.</summary>
    public static KnownQuestions OfProgram { get; } = new(Plugins.Of<Question>(q => q.Id));

    /// <summary>In the order in which they are answered.</summary>
    public IReadOnlyList<Question> All { get; } = [.. questions.OrderBy(q => q.Order)];

    /// <returns>Null for what is shown and not compared, such as a ramp.</returns>
    public Question? Find(string id) => All.FirstOrDefault(q => q.Id == id);

    /// <exception cref="KeyNotFoundException">when no question has that id.</exception>
    public Question Get(string id) => Find(id) ?? throw new KeyNotFoundException($"no question is called '{id}'");
}
