namespace ServeBench.Hosts.Delivery;

/// <summary>Where a container sees the prepared model, and as whom it reads it.</summary>
internal static class ModelMount
{
    /// <summary>Where the model lies inside.</summary>
    public const string Folder = "/model";

    /// <summary>Debian's nobody, and a number that means nobody in particular elsewhere.</summary>
    public const string User = "65534:65534";

    /// <param name="folder">Absolute path on the engine's machine.</param>
    public static string OfFolder(string folder) => $"--mount=type=bind,{Field($"source={folder}")},target={Folder},readonly";

    /// <param name="volume">Name of a volume of the engine.</param>
    public static string OfVolume(string volume) => $"--mount=type=volume,source={volume},target={Folder},readonly";

    /// <summary>What docker reads of a mount is a line of CSV.</summary>
    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
