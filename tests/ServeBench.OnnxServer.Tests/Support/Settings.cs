using System.Globalization;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>How much the tests that can go on for long do; the usual amount is small.</summary>
internal static class Settings
{
    /// <summary>A whole number from the environment.</summary>
    public static int Number(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : usual;
}
