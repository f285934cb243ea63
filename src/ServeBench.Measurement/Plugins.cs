namespace ServeBench.Measurement;

/// <summary>Finds the classes that plug into an assembly, so that no list of them is kept in code.</summary>
public static class Plugins
{
    /// <summary>
    /// One instance of every concrete class with a parameterless constructor that implements <typeparamref name="T"/> in the
    /// assembly that defines it, in
    /// ordinal order of its id.
    /// </summary>
    public static IReadOnlyList<T> Of<T>(Func<T, string> id)
    {
        T[] all = [.. typeof(T).Assembly.GetTypes()
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
