namespace ServeBench.Models.References.Generation;

/// <summary>
/// The prompts whose greedy continuations every stack must reproduce: short and longer ones, code, digits, other scripts.
/// </summary>
internal static class ReferencePrompts
{
    /// <summary>Changes whenever a prompt or the number of tokens does.</summary>
    public const string Version = "1";

    /// <summary>Tokens of each continuation.</summary>
    public const int Tokens = 24;

    public static IReadOnlyList<string> All { get; } =
    [
        "Call me Ishmael. Some years ago",
        "The",
        "In 1851 the book sold 3,215 copies; was it worth $1.50?",
        "for (int i = 0; i < n; i++) {\n    sum += x[i] * y[i];\n}\n",
        "Café crème à la carte, 東京都, and a whale 🐋 that nobody",
        "It was past noon when the fog lifted and the island showed itself, first as a grey line and then as a wall of rock with green "
            + "above it. Nobody spoke. For eleven weeks they had seen nothing but water, and now that there was land they did not",
    ];
}
