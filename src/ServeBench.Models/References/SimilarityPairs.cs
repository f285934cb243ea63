using System.Globalization;

namespace ServeBench.Models.References;

/// <summary>
/// Pairs of sentences that we wrote ourselves, each with a grade of how alike people find them: 5 says the same in other words,
/// 4 nearly the same, 3 the same matter with something else said of it, 2 related matters, 1 little in common, 0 nothing.
/// </summary>
public static class SimilarityPairs
{
    /// <summary>Changes whenever a pair does.</summary>
    public const string Version = "1";

    private const string Resource = "similarity-pairs.tsv";

    private static readonly IReadOnlyList<(double Grade, string First, string Second)> All = Read();

    public static IReadOnlyList<double> Grades { get; } = [.. All.Select(p => p.Grade)];

    /// <summary>Both sentences of every pair, one after the other.</summary>
    public static IReadOnlyList<string> Sentences { get; } = [.. All.SelectMany(p => new[] { p.First, p.Second })];

    /// <param name="embeddings">One for each of <see cref="Sentences"/>.</param>
    /// <returns>The cosine of each pair.</returns>
    public static double[] Cosines(IReadOnlyList<double[]> embeddings) =>
        [.. Enumerable.Range(0, embeddings.Count / 2).Select(p => Cosine(embeddings[2 * p], embeddings[(2 * p) + 1]))];

    private static double Cosine(double[] a, double[] b)
    {
        double product = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
        {
            product += a[i] * b[i];
            left += a[i] * a[i];
            right += b[i] * b[i];
        }
        return product / Math.Sqrt(left * right);
    }

    private static List<(double Grade, string First, string Second)> Read()
    {
        using var stream = typeof(SimilarityPairs).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in {typeof(SimilarityPairs).Assembly.FullName}");
        using var reader = new StreamReader(stream);
        var pairs = new List<(double Grade, string First, string Second)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split('\t');
            pairs.Add((double.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2]));
        }
        return pairs;
    }
}
