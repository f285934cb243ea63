using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Store;

namespace ServeBench.Models.Hub;

/// <summary>The files of a model's hub repository at the card's revision: downloaded once, kept, and checked.</summary>
/// <param name="folder">Where they are kept.</param>
internal sealed class HubFiles(ModelCard card, string folder, HubSettings settings, TimeProvider time)
{
    public string Folder { get; } = folder;

    /// <summary>True when every file is here and known to be right.</summary>
    public bool AreHere
    {
        get
        {
            var locked = ModelLock.Of(card);
            return card.Source.Files.All(f => locked.Expected(f) is { } sha256 && IsHere(f, sha256));
        }
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Downloads what is missing. The caller holds the folder's lock.</summary>
    /// <param name="alsoNeeded">Bytes that the same disk must have left afterwards.</param>
    /// <exception cref="HubUnavailableException">when the hub does not give it.</exception>
    /// <exception cref="RunFailedException">when it gives something wrong, or the disk is full.</exception>
    public async Task DownloadAsync(IRunObserver observer, CancellationToken cancellation, long alsoNeeded = 0)
    {
        var locked = ModelLock.Of(card);
        var wanted = card.Source.Files.Where(f => locked.Expected(f) is not { } sha256 || !IsHere(f, sha256)).ToArray();
        using var transport = new HubTransport(settings, time);
        var remotes = new List<(ModelSourceFile File, RemoteFile Remote)>();
        using (observer.Begin($"Asking {settings.Endpoint.Host} for {card.Source.Repository}"))
        {
            if (locked.Revision.Length == 0) locked = locked with { Revision = await CurrentCommitAsync(transport, cancellation) };
            foreach (var file in wanted)
            {
                var address = transport.Address(card.Source.Repository, locked.Revision, file.Path);
                remotes.Add((file, await RemoteFile.AskAsync(transport, address, cancellation)));
            }
        }
        Directory.CreateDirectory(Folder);
        // What a killed process was writing. Its lock is gone, so nobody writes it now.
        foreach (var left in Directory.EnumerateFiles(Folder, ".*.tmp")) File.Delete(left);
        CheckSpace(remotes.Sum(r => r.Remote.Bytes - PartialFile.Taken(PathOf(r.File.Path), r.Remote.Bytes)) + alsoNeeded);
        using var step = observer.Begin($"Downloading {card.Source.Repository}");
        var progress = new TransferProgress(step, time, remotes.Sum(r => r.Remote.Bytes));
        foreach (var (file, remote) in remotes)
        {
            var expected = locked.Expected(file);
            if (expected is not null && remote.Sha256 is { } stated && stated != expected)
            {
                throw new RunFailedException(
                    $"{remote.Address} has SHA-256 {stated} by the hub's own word, where {(file.Sha256 is null ? ModelLock.FileName : "the model card")} says {expected}",
                    "The hub's file is not the one that was pinned. Do not use it unless you know why it changed");
            }
            var sha256 = await new FileDownload(transport, settings).RunAsync(remote, expected ?? remote.Sha256, PathOf(file.Path), progress, cancellation);
            AtomicFile.WriteText(NoteOf(file), sha256);
            if (file.Sha256 is null) locked.Files[file.Path] = sha256;
            // From now on these files and no others.
            if (file.Sha256 is null || card.Source.Revision != locked.Revision) locked.Write(card);
            observer.Say($"{card.Name}: {file.Path} downloaded, {PreparationPlan.Shown(remote.Bytes)}, SHA-256 {sha256[..12]}");
        }
        progress.Report();
    }

    /// <summary>The commit that the hub's main branch stands at.</summary>
    private async Task<string> CurrentCommitAsync(HubTransport transport, CancellationToken cancellation)
    {
        var address = transport.Address(card.Source.Repository, "main", card.Source.Files[0].Path);
        var remote = await RemoteFile.AskAsync(transport, address, cancellation);
        return remote.Commit is { Length: 40 } commit && commit.All(char.IsAsciiHexDigitLower)
            ? commit
            : throw new HubUnavailableException($"{address} does not say which commit it is from", $"{address.Host} does not say which commit its files are from", "Write the commit into model.yaml");
    }

    /// <summary>True when the file lies here and its hash was found right, at the download or now.</summary>
    private bool IsHere(ModelSourceFile file, string sha256)
    {
        var info = new FileInfo(PathOf(file.Path));
        if (!info.Exists) return false;
        if (info.LastWriteTimeUtc == ModelFolders.Published && File.Exists(NoteOf(file)) && File.ReadAllText(NoteOf(file)) == sha256) return true;
        if (ContentHash.OfFile(info.FullName) != sha256) return false;
        info.LastWriteTimeUtc = ModelFolders.Published;
        AtomicFile.WriteText(NoteOf(file), sha256);
        return true;
    }

    /// <summary>The note of the hash that a file was found to have.</summary>
    private string NoteOf(ModelSourceFile file) => PathOf(file.Path) + ".sha256";

    private void CheckSpace(long bytes)
    {
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        if (free >= bytes) return;
        throw new RunFailedException(
            $"{card.Source.Repository} needs {PreparationPlan.Shown(bytes)} under {Folder}; only {PreparationPlan.Shown(free)} are free", "Free some space there, or use --weights=seeded");
    }
}
