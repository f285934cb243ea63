namespace ServeBench.Synthetic;

/// <summary>A folder that is gone when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("servebench-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
