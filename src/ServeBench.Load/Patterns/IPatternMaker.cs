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

/// <summary>The patterns of this assembly, and those that come with a shape of another.</summary>
internal static class KnownPatterns
{
    private static readonly IReadOnlyList<IPatternMaker> Own = In(typeof(KnownPatterns).Assembly);

    /// <returns>Null when nothing makes it.</returns>
    public static LoadPattern? Of(LoadShape shape)
    {
        var home = shape.GetType().Assembly;
        return First(Own, shape) ?? (home == typeof(LoadShape).Assembly ? null : First(In(home), shape));
    }

    private static LoadPattern? First(IReadOnlyList<IPatternMaker> makers, LoadShape shape) =>
        makers.Select(m => m.Of(shape)).FirstOrDefault(p => p is not null);

    private static IReadOnlyList<IPatternMaker> In(Assembly assembly) => Plugins.In<IPatternMaker>(assembly, m => m.GetType().FullName!);
}
