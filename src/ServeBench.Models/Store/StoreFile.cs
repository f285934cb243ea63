namespace ServeBench.Models.Store;

/// <summary>Writes the files of the store.</summary>
internal static class StoreFile
{
    /// <summary>Writes a file beside its place, forces it to disk, gives it the published time stamp, and then its name.</summary>
    /// <returns>Its length and hash.</returns>
    /// <exception cref="IOException">when it cannot be written; nothing is left of it.</exception>
    public static ManifestFile Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            ManifestFile file;
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                using var hashing = new HashingStream(stream);
                write(hashing);
                stream.Flush(flushToDisk: true);
                file = new ManifestFile(Path.GetFileName(path), hashing.Length, hashing.Finish());
            }
            File.SetLastWriteTimeUtc(temporary, ModelFolders.Published);
            File.Move(temporary, path, overwrite: true);
            return file;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
