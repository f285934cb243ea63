using System.Reflection;

namespace ServeBench.Domain;

/// <summary>Finds the classes that plug into an assembly, so that no list of them is kept in code.</summary>
public static class Plugins
{
    /// <summary>
    /// One instance of every concrete class with a public parameterless constructor that implements <typeparamref name="T"/> in the
    /// assembly that defines it, in ordinal order of its id.
    /// </summary>
    /// <exception cref="InvalidOperationException">when two classes have one id.</exception>
    public static IReadOnlyList<T> Of<T>(Func<T, string> id) => In(typeof(T).Assembly, id);

    /// <inheritdoc cref="Of{T}"/>
    /// <param name="assembly">Where to look, if not where <typeparamref name="T"/> is defined.</param>
    /// <param name="id">What an instance is called.</param>
    public static IReadOnlyList<T> In<T>(Assembly assembly, Func<T, string> id)
    {
        T[] all = [.. assembly.GetTypes()
            .Where(
                t => t is { IsClass: true, IsAbstract: false }
                    && t.IsAssignableTo(typeof(T))
                    && t.GetConstructor(Type.EmptyTypes) is not null)
            .Select(t => (T)Activator.CreateInstance(t)!)
            .OrderBy(id, StringComparer.Ordinal)];
        var twice = all.GroupBy(id).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? all : throw new InvalidOperationException($"{twice.Count()} classes have the id '{twice.Key}'");
    }
}
