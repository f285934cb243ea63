namespace ServeBench.Domain.Stacks;

/// <summary>
/// One entry of a stack's <c>model-repository:</c>, a folder that is made of the prepared model for this stack: exactly one of
/// <paramref name="ModelFile"/>, <paramref name="Made"/>, <paramref name="Template"/> and <paramref name="Copy"/> says what it is.
/// </summary>
/// <param name="Path">Where it lies in the folder, with <c>/</c> between names; placeholders allowed.</param>
/// <param name="ModelFile">A file of the prepared model, by its name; placeholders allowed.</param>
/// <param name="Made">A file that the models stage derives of the prepared model, by its name.</param>
/// <param name="Template">A text file of the stack's folder whose placeholders are filled in; placeholders allowed in its path.</param>
/// <param name="Copy">A file or folder that is copied as it is, relative to the stack's folder and inside of the repository.</param>
/// <param name="CopySha256">What <paramref name="Copy"/> holds: shared code lies outside of the stack's folder.</param>
public sealed record RepositoryFile(string Path, string? ModelFile, string? Made, string? Template, string? Copy, string? CopySha256)
{
    /// <summary>The model's name.</summary>
    public const string Model = "model";

    /// <summary>The name of the model's file in the stack's format.</summary>
    public const string File = "model-file";

    /// <summary>How many logical processors the server is confined to.</summary>
    public const string Cores = "cores";

    /// <summary>The name of the track.</summary>
    public const string Track = "track";

    /// <summary>With a path behind it, a value of the prepared model's model.json: <c>${manifest:parameters}</c>.</summary>
    public const string Manifest = "manifest:";

    /// <summary>The placeholders of paths and templates, but for those of the manifest.</summary>
    public static IReadOnlyList<string> Placeholders { get; } = [Model, File, Cores, Track];

    /// <summary>What Python has compiled by itself is neither copied nor counted.</summary>
    public static bool IsSource(string name) => !name.EndsWith(".pyc", StringComparison.Ordinal);
}
