using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;

namespace ServeBench.Models.Store;

/// <summary>Recognises a folder that holds a whole prepared model.</summary>
internal static class PreparedModel
{
    /// <param name="folder">The folder.</param>
    /// <param name="work">What its kind of work knows of it; null where that is nothing.</param>
    /// <returns>The manifest, or null when the folder is missing or anything in it is not as it was published.</returns>
    public static ModelManifest? TryOpen(string folder, IWorkPreparation? work)
    {
        if (!File.Exists(Path.Combine(folder, ModelManifest.FileName))) return null;
        try
        {
            var manifest = work?.Read(folder) ?? ModelManifest.Read(folder);
            return manifest.Files.All(f => IsIntact(folder, f)) ? manifest : null;
        }
        catch (RunFailedException)
        {
            // A manifest that cannot be understood is no prepared model: it is made again.
            return null;
        }
    }

    private static bool IsIntact(string folder, ManifestFile file)
    {
        var info = new FileInfo(Path.Combine(folder, file.Name));
        if (!info.Exists || info.Length != file.Bytes) return false;
        if (info.LastWriteTimeUtc == ModelFolders.Published) return true;
        if (ContentHash.OfFile(info.FullName) != file.Sha256) return false;
        info.LastWriteTimeUtc = ModelFolders.Published;
        return true;
    }
}
