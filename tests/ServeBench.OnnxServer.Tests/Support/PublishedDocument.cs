using System.Text.Json;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>
/// Interface descriptions that others publish. They are no part of this repository: they are looked for in the folder that
/// the variable <c>SERVEBENCH_REFERENCE_DATA</c> names, or in a folder <c>shared/data</c> beside the checkout or above it.
/// </summary>
internal static class PublishedDocument
{
    public const string Variable = "SERVEBENCH_REFERENCE_DATA";

    /// <summary>Reads a document; the test that asks is skipped where there is none.</summary>
    public static JsonElement Read(string name)
    {
        var file = Places().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, $"{name} is neither in the folder that {Variable} names nor in a folder shared/data beside the checkout");
        return JsonElement.Parse(File.ReadAllBytes(file!));
    }

    private static IEnumerable<string> Places()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) yield return given;
        for (var folder = new DirectoryInfo(Repository.Root); folder is not null; folder = folder.Parent) yield return Path.Combine(folder.FullName, "shared", "data");
    }
}
