using System.Globalization;

namespace ServeBench.Tests;

/// <summary>
/// How long fuzz tests go on, and from which seed: <c>SERVEBENCH_FUZZ_FILES</c> and <c>SERVEBENCH_FUZZ_SEED</c>. A failure names its
/// seed, which makes the same again.
/// </summary>
internal static class Fuzzing
{
    public const string SeedVariable = "SERVEBENCH_FUZZ_SEED";

    /// <summary>How many files.</summary>
    public static int Files(int usual) => Number("SERVEBENCH_FUZZ_FILES", usual);

    public static int Seed(int usual) => Number(SeedVariable, usual);

    private static int Number(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : usual;
}
