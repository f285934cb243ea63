namespace ServeBench.Hosts;

/// <summary>
/// What a server gets of the environment that the pipeline was started in. As little as possible: a variable that somebody
/// exported in a shell must not decide a result, or it must be part of the result's fingerprint.
/// </summary>
internal static class ServerEnvironment
{
    /// <summary>Where programs, libraries and devices are found. They can decide a result, so they are part of the fingerprint.</summary>
    private static readonly string[] Decisive =
        ["PATH", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "DOTNET_ROOT", "PYTHONUSERBASE", "VIRTUAL_ENV",
            "SystemRoot"];

    /// <summary>Names of all variables that are passed on; HOME and temporary folders are each deployment's own.</summary>
    public static IReadOnlyList<string> Inherited { get; } =
        [.. Decisive, "USER", "LOGNAME", "USERPROFILE"];

    /// <summary>
    /// What a server that has a HOME of its own still needs of the user's: where Python finds the packages that this user has installed.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfUser()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var packages = Environment.GetEnvironmentVariable("PYTHONUSERBASE") ?? Path.Combine(home, ".local");
        return home.Length > 0 && Directory.Exists(packages)
            ? new Dictionary<string, string> { ["PYTHONUSERBASE"] = packages }
            : new Dictionary<string, string>();
    }

    /// <summary>
    /// Set for every server: ONNX Runtime's native library would otherwise report its use over the network, on measured cores.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Always { get; } = new Dictionary<string, string> { ["ORT_DISABLE_TELEMETRY"] = "1" };

    /// <summary>The variables that can decide a result, with their values.</summary>
    public static IEnumerable<string> Deciding() => Decisive.Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}");
}
