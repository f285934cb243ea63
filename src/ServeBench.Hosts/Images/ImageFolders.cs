namespace ServeBench.Hosts.Images;

/// <summary>Where images are made from and recorded.</summary>
/// <param name="Repository">Absolute path of the repository.</param>
/// <param name="Artifacts">Absolute path of the folder for what can be made again.</param>
public sealed record ImageFolders(string Repository, string Artifacts)
{
    /// <summary>Tells engines of other machines apart, whose images are others; empty for this machine's.</summary>
    public string Engine { get; init; } = "";

    /// <summary>One record for each image that was built, and the lock of the base images.</summary>
    public string Images => Path.Combine(Artifacts, "images", Engine);

    /// <summary>Whole logs of builds.</summary>
    public string Logs => Path.Combine(Artifacts, "logs");

    /// <summary>Programs published for images, one folder per state of their sources.</summary>
    public string Published => Path.Combine(Artifacts, "publish");

    /// <summary>Where publishing builds, apart from everyday builds.</summary>
    public string PublishingBuild => Path.Combine(Artifacts, "publish-build");

    /// <summary>This repository's built programs.</summary>
    public string Programs => Path.Combine(Artifacts, "bin");

    public string BaseLock => Path.Combine(Images, "base-images.lock.json");
}
