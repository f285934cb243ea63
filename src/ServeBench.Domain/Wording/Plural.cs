using System.Globalization;

namespace ServeBench.Domain.Wording;

/// <summary>Numbers with the things that they count.</summary>
public static class Plural
{
    /// <summary>1 trial, 2 trials, 1,000 trials, 0 trials.</summary>
    /// <param name="noun">What one is called; the last word of it gets the ending: <c>distinct request</c>.</param>
    public static string Of(long number, string noun) => $"{number.ToString("#,0", CultureInfo.InvariantCulture)} {Noun(number, noun)}";

    /// <summary>The verb after that number: <c>was</c> or <c>were</c>.</summary>
    public static string Verb(long number, string one, string several) => number == 1 ? one : several;

    /// <summary>The noun alone, as it is after that number.</summary>
    public static string Noun(long number, string noun) =>
        number == 1 ? noun : noun.EndsWith('s') || noun.EndsWith("ch", StringComparison.Ordinal) ? $"{noun}es" : $"{noun}s";
}
