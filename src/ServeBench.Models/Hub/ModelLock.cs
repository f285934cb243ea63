using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Models.Store;

namespace ServeBench.Models.Hub;

/// <summary>
/// model.lock.json beside a model card: the commit and the hashes of files for which the card states none, as they were at
/// the first download. From then on a different file is refused. It belongs under version control.
/// </summary>
/// <param name="Repository">The hub repository that it was taken from.</param>
/// <param name="Revision">Its commit; empty while neither the card nor a download has said which.</param>
/// <param name="Files">SHA-256 by path.</param>
internal sealed record ModelLock(string Repository, string Revision, SortedDictionary<string, string> Files)
{
    public const string FileName = "model.lock.json";

    /// <returns>The lock of a card; without hashes where there is none for its revision.</returns>
    /// <exception cref="RunFailedException">when there is one that cannot be read.</exception>
    public static ModelLock Of(ModelCard card)
    {
        var isLocked = card.Source.Revision == ModelSource.LockedAtFirstDownload;
        var empty = new ModelLock(card.Source.Repository, isLocked ? "" : card.Source.Revision, []);
        var file = Path.Combine(card.Folder, FileName);
        if (!File.Exists(file)) return empty;
        try
        {
            var found = JsonSerializer.Deserialize(File.ReadAllText(file), ManifestJson.Readable.ModelLock);
            if (found is not { Repository: not null, Revision: not null, Files: not null })
                throw new JsonException("it lacks one of repository, revision and files");
            return found.Repository == empty.Repository && (isLocked || found.Revision == empty.Revision) ? found : empty;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"{file} cannot be read: {e.Message}", "Restore it from version control, or delete it to lock what the hub has now", e);
        }
    }

    /// <summary>What a file's hash must be, by the card or else by the lock; null when neither says.</summary>
    public string? Expected(ModelSourceFile file) => file.Sha256 ?? Files.GetValueOrDefault(file.Path);

    public void Write(ModelCard card) =>
        AtomicFile.WriteTextIfChanged(
            Path.Combine(card.Folder, FileName), JsonSerializer.Serialize(this, ManifestJson.Readable.ModelLock) + "\n");
}
