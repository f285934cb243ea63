using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;

namespace ServeBench.Models.Hub;

/// <summary>The files of a model's hub repository at the card's revision: downloaded once, kept, and checked.</summary>
/// <param name="folder">Where they are kept.</param>
internal sealed class HubFiles(ModelCard card, string folder, HubSettings settings, TimeProvider time)
{
    public string Folder { get; } = folder;

    /// <summary>Every file: those of the card, and the shards that an index among them names, once it is here.</summary>
    public IReadOnlyList<ModelSourceFile> All
    {
        get
        {
            var index = card.Source.Files.FirstOrDefault(f => f.Path == ShardedCheckpoint.IndexFile);
            if (index is null || !File.Exists(PathOf(index.Path))) return card.Source.Files;
            var shards = ShardedCheckpoint.ShardsOf(PathOf(index.Path)).Where(shard => card.Source.Files.All(f => f.Path != shard));
            return [.. card.Source.Files, .. shards.Select(shard => new ModelSourceFile(shard, null))];
        }
    }

    /// <summary>The shards of the weights, in their order; none where the weights are one file.</summary>
    public IReadOnlyList<string> Shards =>
        [.. All.Select(f => f.Path)
            .Where(p => p != ShardedCheckpoint.WholeFile && ShardedCheckpoint.HoldsTensors(p))
            .Order(StringComparer.Ordinal)];

    /// <summary>True when every file is here and known to be right.</summary>
    public bool AreHere
    {
        get
        {
            var locked = ModelLock.Of(card);
            return All.All(f => locked.Expected(f) is { } sha256 && IsHere(f, sha256));
        }
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>
    /// Copies what the hub's own library has downloaded, from the cache that the environment names. Only files whose hash is
    /// known are taken, and only where it is right. The caller holds the folder's lock.
    /// </summary>
    public void TakeCached()
    {
        if (settings.Cache is not { } cache) return;
        var locked = ModelLock.Of(card);
        var snapshot = Path.Combine(
            cache, $"models--{card.Source.Repository.Replace("/", "--", StringComparison.Ordinal)}", "snapshots", locked.Revision);
        foreach (var file in All)
        {
            var cached = Path.Combine(snapshot, file.Path);
            if (locked.Expected(file) is not { } sha256
                || IsHere(file, sha256)
                || !File.Exists(cached)
                || ContentHash.OfFile(cached) != sha256)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file.Path))!);
            var copy = Path.Combine(Folder, $".{Guid.NewGuid():N}.tmp");
            File.Copy(cached, copy);
            File.Move(copy, PathOf(file.Path), overwrite: true);
        }
    }

    /// <summary>Downloads what is missing. The caller holds the folder's lock.</summary>
    /// <param name="alsoNeeded">Bytes that the same disk must have left afterwards.</param>
    /// <param name="checks">What is refused before the weights are downloaded; null for nothing.</param>
    /// <exception cref="HubUnavailableException">when the hub does not give it.</exception>
    /// <exception cref="RunFailedException">when it gives something wrong, or the disk is full.</exception>
    public async Task DownloadAsync(
        IRunObserver observer, CancellationToken cancellation, long alsoNeeded = 0, DownloadChecks? checks = null)
    {
        using var transport = new HubTransport(settings, time);
        var locked = ModelLock.Of(card);
        if (locked.Revision.Length == 0) locked = locked with { Revision = await CurrentCommitAsync(transport, cancellation) };
        TakeCached();
        // What is small comes first: an index names the files that remain, and what is not supported in the small ones ends it here.
        var hasWeights = card.Source.Files.Any(f => f.Path == ShardedCheckpoint.IndexFile || ShardedCheckpoint.HoldsTensors(f.Path));
        if (hasWeights)
            locked = await DownloadAsync(transport, locked, f => !ShardedCheckpoint.HoldsTensors(f.Path), 0, null, observer, cancellation);
        checks?.Small();
        await DownloadAsync(transport, locked, _ => true, alsoNeeded, checks?.Tensors, observer, cancellation);
    }

    private async Task<ModelLock> DownloadAsync(
        HubTransport transport,
        ModelLock locked,
        Func<ModelSourceFile, bool> which,
        long alsoNeeded,
        Action<TensorDirectory>? check,
        IRunObserver observer,
        CancellationToken cancellation)
    {
        var wanted = All.Where(which).Where(f => locked.Expected(f) is not { } sha256 || !IsHere(f, sha256)).ToArray();
        if (wanted.Length == 0) return locked;
        var remotes = new List<(ModelSourceFile File, RemoteFile Remote)>();
        using (observer.Begin($"Asking {settings.Endpoint.Host} for {card.Source.Repository}"))
        {
            foreach (var file in wanted)
            {
                var address = transport.Address(card.Source.Repository, locked.Revision, file.Path);
                remotes.Add((file, await RemoteFile.AskAsync(transport, address, cancellation)));
            }
            var weights = remotes.Where(r => ShardedCheckpoint.HoldsTensors(r.File.Path)).ToArray();
            // Where some are here already, the others were checked with them.
            if (check is not null && weights.Length > 0 && weights.Length == All.Count(f => ShardedCheckpoint.HoldsTensors(f.Path)))
                check(await RemoteHeader.ReadAsync(transport, [.. weights.Select(w => w.Remote)], cancellation));
        }
        Directory.CreateDirectory(Folder);
        // What a killed process was writing. Its lock is gone, so nobody writes it now.
        foreach (var left in Directory.EnumerateFiles(Folder, ".*.tmp")) File.Delete(left);
        // Shards are put together into one file, which takes their room once more.
        var merged = remotes.Where(r => Shards.Contains(r.File.Path)).Sum(r => r.Remote.Bytes);
        CheckSpace(remotes.Sum(r => r.Remote.Bytes - PartialFile.Taken(PathOf(r.File.Path), r.Remote.Bytes)) + merged + alsoNeeded);
        using var step = observer.Begin($"Downloading {card.Source.Repository}");
        var progress = new TransferProgress(step, time, remotes.Sum(r => r.Remote.Bytes));
        foreach (var (file, remote) in remotes)
        {
            var expected = locked.Expected(file);
            if (expected is not null && remote.Sha256 is { } stated && stated != expected)
            {
                throw new RunFailedException(
                    $"{remote.Address} has SHA-256 {stated} by the hub's own word, "
                        + $"where {(file.Sha256 is null ? ModelLock.FileName : "the model card")} says {expected}",
                    "The hub's file is not the one that was pinned. Do not use it unless you know why it changed");
            }
            var sha256 = await new FileDownload(transport, settings).RunAsync(
                remote, expected ?? remote.Sha256, PathOf(file.Path), progress, cancellation);
            AtomicFile.WriteText(NoteOf(file), sha256);
            if (file.Sha256 is null) locked.Files[file.Path] = sha256;
            // From now on these files and no others.
            if (file.Sha256 is null || card.Source.Revision != locked.Revision) locked.Write(card);
            observer.Say($"{card.Name}: {file.Path} downloaded, {PreparationPlan.Shown(remote.Bytes)}, SHA-256 {sha256[..12]}");
        }
        progress.Report();
        return locked;
    }

    /// <summary>The commit at the head of the hub's main branch.</summary>
    private async Task<string> CurrentCommitAsync(HubTransport transport, CancellationToken cancellation)
    {
        var address = transport.Address(card.Source.Repository, "main", card.Source.Files[0].Path);
        var remote = await RemoteFile.AskAsync(transport, address, cancellation);
        return remote.Commit is { Length: 40 } commit && commit.All(char.IsAsciiHexDigitLower)
            ? commit
            : throw new HubUnavailableException(
                $"{address} does not say which commit it is from",
                $"{address.Host} does not say which commit its files are from",
                "Write the commit into model.yaml");
    }

    /// <summary>True when the file lies here and its hash was found right, at the download or now.</summary>
    private bool IsHere(ModelSourceFile file, string sha256)
    {
        var info = new FileInfo(PathOf(file.Path));
        if (!info.Exists) return false;
        if (info.LastWriteTimeUtc == ModelFolders.Published && File.Exists(NoteOf(file)) && File.ReadAllText(NoteOf(file)) == sha256)
            return true;
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
            $"{card.Source.Repository} needs {PreparationPlan.Shown(bytes)} under {Folder}; only {PreparationPlan.Shown(free)} are free",
            "Free some space there, or use --weights=seeded");
    }
}

/// <summary>What is asked about a checkpoint before its weights are downloaded. Each says no by throwing.</summary>
/// <param name="Small">Looks at the small files, which are here by then.</param>
/// <param name="Tensors">Looks at the tensors that the weights will have.</param>
internal sealed record DownloadChecks(Action Small, Action<TensorDirectory> Tensors);
