using System.Reflection;
using Cake.Frosting;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Tasks;

/// <summary>Marks a task that works without reading the catalogue, so that broken YAML cannot keep it from running.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WithoutCatalogueAttribute : Attribute;

/// <summary>Marks a task that measures: nothing else may be measured, or built for measuring, beside it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MeasuresAttribute : Attribute;

/// <summary>A task as help and the command line know it.</summary>
/// <param name="HasWork">False for a task that is nothing but the tasks it depends on.</param>
/// <param name="Measures">True when the lock against a second measurement is held from before its first step to after its last.</param>
public sealed record KnownTask(string Name, string Description, bool NeedsCatalogue, bool HasWork, bool Measures);

/// <summary>The tasks of this program, found as the engine finds them.</summary>
public static class TaskCatalogue
{
    public const string Default = "Help";

    public static IReadOnlyList<KnownTask> All { get; } =
    [
        .. typeof(TaskCatalogue).Assembly.GetExportedTypes()
            .Where(t => typeof(IFrostingTask).IsAssignableFrom(t) && t is { IsClass: true, IsAbstract: false })
            .Select(t => new KnownTask(
                t.GetCustomAttribute<TaskNameAttribute>()?.Name ?? t.Name,
                t.GetCustomAttribute<TaskDescriptionAttribute>()?.Description ?? "",
                t.GetCustomAttribute<WithoutCatalogueAttribute>() is null,
                t.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Any(
                    m => m.Name is "Run" or "RunAsync"),
                t.GetCustomAttribute<MeasuresAttribute>() is not null))
            .OrderBy(t => t.Name, StringComparer.Ordinal),
    ];

    /// <returns>The task of that name, whatever its case; null after adding a fault that names the nearest.</returns>
    public static KnownTask? Find(string name, FaultList faults)
    {
        var task = All.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase));
        if (task is null)
            faults.Add(
                new Fault("--target", null, null, $"no task is called '{name}'", NearestName.Remedy(name, [.. All.Select(t => t.Name)])));
        return task;
    }
}
