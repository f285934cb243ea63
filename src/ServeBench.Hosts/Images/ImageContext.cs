using ServeBench.Domain.Storage;

namespace ServeBench.Hosts.Images;

/// <summary>The files that a build sends to the engine: place in the context to place on this machine.</summary>
internal sealed class ImageContext
{
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <param name="dockerfile">Absolute path of the Dockerfile, which lies at the context's top.</param>
    public ImageContext(string dockerfile) => _files[Dockerfile] = dockerfile;

    public const string Dockerfile = "Dockerfile";

    /// <summary>Adds a file, or a folder with everything in it but caches of Python.</summary>
    /// <param name="place">Where it lies in the context.</param>
    /// <param name="path">Where it lies on this machine.</param>
    public void Add(string place, string path)
    {
        if (File.Exists(path))
        {
            _files[place] = path;
            return;
        }
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(path, file).Replace('\\', '/');
            if (!name.Split('/').Contains("__pycache__")) _files[$"{place}/{name}"] = file;
        }
    }

    /// <summary>Hash over places and contents.</summary>
    public string Hash()
    {
        using var hash = new ContentHash();
        foreach (var (place, path) in _files) hash.Add(place, ContentHash.OfFile(path));
        return hash.Finish();
    }

    /// <summary>Copies everything to a folder, with one time for all files: an engine's cache then goes by contents.</summary>
    public void CopyTo(string folder)
    {
        foreach (var (place, path) in _files)
        {
            var target = Path.Combine(folder, place);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
            File.SetLastWriteTimeUtc(target, DateTime.UnixEpoch);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(
                    target,
                    Readable
                        | (File.GetUnixFileMode(path) & Executable) switch { UnixFileMode.None => UnixFileMode.None, _ => Executable });
        }
    }

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
