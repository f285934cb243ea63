using System.Collections.Concurrent;
using System.Reflection;
using ServeBench.Domain;
using ServeBench.Domain.Plans;

namespace ServeBench.Load.Patterns;

/// <summary>Makes the pattern of a load shape; one class inside each pattern, found by reflection.</summary>
internal interface IPatternMaker
{
    /// <returns>Null when the shape is not of this pattern.</returns>
    LoadPattern? Of(LoadShape shape);
}

/// <summary>The patterns of this assembly, and those that come with a shape of another; each assembly is searched once.</summary>
internal static class KnownPatterns
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyList<IPatternMaker>> Makers = new();

    /// <returns>Null when nothing makes it.</returns>
    public static LoadPattern? Of(LoadShape shape) => MakersFor(shape).Select(m => m.Of(shape)).FirstOrDefault(p => p is not null);

    /// <summary>The classes of all patterns that a shape could have.</summary>
    public static IEnumerable<string> NamesFor(LoadShape shape) =>
        MakersFor(shape).Select(m => (m.GetType().DeclaringType ?? m.GetType()).Name);

    private static IEnumerable<IPatternMaker> MakersFor(LoadShape shape)
    {
        var (own, home) = (typeof(KnownPatterns).Assembly, shape.GetType().Assembly);
        return home == typeof(LoadShape).Assembly ? In(own) : In(own).Concat(In(home));
    }

    private static IReadOnlyList<IPatternMaker> In(Assembly assembly) =>
        Makers.GetOrAdd(assembly, a => Plugins.In<IPatternMaker>(a, m => m.GetType().FullName!));
}
