namespace ServeBench.Models.References;

/// <summary>
/// The inputs whose embeddings every stack must reproduce: short and long, punctuation, accents, ideographs, digits, code,
/// characters outside the vocabulary, and one text beyond 128 tokens.
/// </summary>
public static class ReferenceTexts
{
    /// <summary>Changes whenever a text does.</summary>
    public const string Version = "1";

    public static IReadOnlyList<string> All { get; } =
    [
        "whale",
        "The ship sailed at dawn.",
        "In 1851 the book sold 3,215 copies; was it worth $1.50 - or not?!",
        "Café crème à la carte: naïve façades in Zürich, São Paulo and Málaga, señor.",
        "東京都 and 北京市 are capitals; 漢字 stand beside ラテン文字, 한글 and ☃ 🐋.",
        "for (int i = 0; i < n; i++) { sum += x[i] * y[i]; } // inner product, O(n)",
        "A compiler translates a program into instructions that a processor can execute, and on the way it removes work that "
            + "nobody would miss: constants are folded, loops are unrolled, and variables live in registers.",
        "It was past noon when the fog lifted and the island showed itself, first as a grey line and then as a wall of rock with "
            + "green above it. Nobody spoke. For eleven weeks they had seen nothing but water, and now that there was land they "
            + "did not quite believe in it. The cook came up with the coffee, looked, and went below again. The mate counted the "
            + "casks, as he did every day, and wrote the number in his book: fourteen, of which two were foul. Gulls circled over "
            + "the masts. Toward evening the wind turned to the south-west, the captain gave the order that they had waited for, "
            + "and slowly, with the lead going on both sides, the ship stood in toward the bay, where a single column of smoke "
            + "rose straight into the still air.",
    ];
}
