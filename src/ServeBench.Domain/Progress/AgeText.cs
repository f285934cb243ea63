using System.Globalization;

namespace ServeBench.Domain.Progress;

/// <summary>How long ago something was, for people: its two largest units.</summary>
public static class AgeText
{
    /// <param name="age">Negative ones, of clocks that were set, are none.</param>
    public static string Of(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => Invariant($"{age.Seconds} s"),
        { TotalHours: < 1 } => Invariant($"{age.Minutes} min"),
        { TotalDays: < 1 } => Invariant($"{age.Hours} h {age.Minutes} min"),
        _ => Invariant($"{age.Days} d {age.Hours} h"),
    };

    /// <summary>From the youngest to the oldest: <c>3 min</c>, or <c>3 min to 1 h 12 min</c>.</summary>
    public static string Of(TimeSpan youngest, TimeSpan oldest) =>
        Of(youngest) == Of(oldest) ? Of(oldest) : $"{Of(youngest)} to {Of(oldest)}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
