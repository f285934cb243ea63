using System.Text.RegularExpressions;

namespace ServeBench.Hosts.Process;

/// <summary>The <c>${name}</c> placeholders of a <c>process:</c> section.</summary>
internal static partial class Placeholders
{
    /// <summary>Folder of the programs that this repository builds: <c>${bin}/Project/release/Project</c>.</summary>
    public const string Bin = "bin";

    /// <summary>The stack's own folder.</summary>
    public const string StackFolder = "stack-folder";

    public const string Port = "port";

    /// <summary>How many logical processors the server is confined to.</summary>
    public const string Cores = "cores";

    /// <summary>Folder of the prepared model, with its manifest.</summary>
    public const string ModelFolder = "model-folder";

    /// <summary>Name of the model.</summary>
    public const string Model = "model";

    /// <summary>The model's file in the stack's format.</summary>
    public const string ModelFile = "model-file";

    public static IReadOnlyCollection<string> BeforeDeployment { get; } = [Bin, StackFolder];

    public static IReadOnlyCollection<string> All { get; } = [Bin, StackFolder, Port, Cores, ModelFolder, Model, ModelFile];

    public static IEnumerable<string> In(string text) => Pattern().Matches(text).Select(m => m.Groups[1].Value);

    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Pattern().Replace(text, match => values[match.Groups[1].Value]);

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Pattern();
}
