using System.Globalization;
using ServeBench.Models.Architectures.Classification;

namespace ServeBench.Work.ImageClassification;

/// <summary>An answer that nobody computed: the best classes of some images.</summary>
internal static class NullClasses
{
    /// <param name="classes">How many classes there are.</param>
    /// <param name="items">How many images.</param>
    public static string Body(int classes, int items)
    {
        var numbers = Enumerable.Range(0, Math.Min(ClassifierSettings.LeastTop, classes)).ToArray();
        var scores = numbers.Select(n => (0.2 / (n + 1)).ToString("0.0000000", CultureInfo.InvariantCulture));
        var each = $$"""{"classes":[{{string.Join(',', numbers)}}],"scores":[{{string.Join(',', scores)}}]}""";
        return $$"""{"model":"null","predictions":[{{string.Join(',', Enumerable.Repeat(each, items))}}]}""";
    }
}
