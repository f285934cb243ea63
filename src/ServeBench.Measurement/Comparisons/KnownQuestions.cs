namespace ServeBench.Measurement.Comparisons;

/// <summary>Every question of this assembly, found by reflection: a new one is one new file and nothing else.</summary>
public static class KnownQuestions
{
    /// <summary>In the order in which they are answered.</summary>
    public static IReadOnlyList<Question> All { get; } = [.. Plugins.Of<Question>(q => q.Id).OrderBy(q => q.Order)];

    /// <returns>Null for what is shown and not compared, such as a ramp.</returns>
    public static Question? Find(string id) => All.FirstOrDefault(q => q.Id == id);

    /// <exception cref="KeyNotFoundException">when no question has that id.</exception>
    public static Question Get(string id) => Find(id) ?? throw new KeyNotFoundException($"no question is called '{id}'");
}
