namespace ServeBench.Measurement.Results;

/// <summary>
/// Results are stored with nine significant digits: far more than any of them holds, and few enough that the last bits of
/// floating point do not make files of equal results differ between machines.
/// </summary>
internal static class Rounded
{
    private const int Digits = 9;

    public static double Of(double value)
    {
        if (value == 0 || !double.IsFinite(value)) return value;
        return double.Parse(value.ToString($"E{Digits - 1}"));
    }

    public static double? Of(double? value) => value is { } v ? Of(v) : null;
}
