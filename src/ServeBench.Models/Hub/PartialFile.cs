using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Models.Store;

namespace ServeBench.Models.Hub;

/// <summary>
/// A file that is being downloaded, with a note beside it of which ranges have arrived, so that a download that was
/// interrupted goes on. Ranges may be written from several threads at once.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const string Suffix = ".partial";

    private readonly string _path;
    private readonly PartialNote _note;
    private readonly SafeFileHandle _handle;
    private readonly Lock _lock = new();

    private PartialFile(string path, PartialNote note, SafeFileHandle handle)
    {
        _path = path;
        _note = note;
        _handle = handle;
    }

    /// <summary>How many ranges the file has.</summary>
    public int Ranges => (int)((_note.Bytes + _note.RangeBytes - 1) / _note.RangeBytes);

    /// <summary>The ranges that have not arrived.</summary>
    public IReadOnlyList<int> Missing => [.. Enumerable.Range(0, Ranges).Except(_note.Done)];

    /// <summary>Opens what an earlier download of the same content left, or begins again, taking all the space at once.</summary>
    /// <param name="target">The path that the finished file will have.</param>
    public static PartialFile Open(string target, RemoteFile remote, int rangeBytes)
    {
        var path = target + Suffix;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (ReadNote(path) is { } left && left.IsOf(remote, rangeBytes) && File.Exists(path) && new FileInfo(path).Length == remote.Bytes)
            return new PartialFile(path, left, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite));
        File.Delete(NoteOf(path));
        var handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, remote.Bytes);
        RandomAccess.SetLength(handle, remote.Bytes);
        return new PartialFile(path, new PartialNote(remote.Tag, remote.Bytes, rangeBytes, []), handle);
    }

    /// <summary>First and last byte of a range.</summary>
    public (long First, long Last) Bounds(int range) =>
        ((long)range * _note.RangeBytes, Math.Min(_note.Bytes, ((long)range + 1) * _note.RangeBytes) - 1);

    /// <summary>Bytes on disk that a download to <paramref name="target"/> need not take any more.</summary>
    public static long Taken(string target, long bytes) =>
        new FileInfo(target + Suffix) is { Exists: true } left && left.Length == bytes ? bytes : 0;

    /// <exception cref="RunFailedException">when the disk does not take it. Not an I/O error: those are the network's, and tried
    /// again.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellation)
    {
        try
        {
            await RandomAccess.WriteAsync(_handle, bytes, offset, cancellation);
        }
        catch (IOException e)
        {
            throw NotWritten(e);
        }
    }

    /// <summary>Notes that a range has arrived whole.</summary>
    public void Finish(int range)
    {
        lock (_lock)
        {
            _note.Done.Add(range);
            try
            {
                AtomicFile.WriteText(NoteOf(_path), JsonSerializer.Serialize(_note, ManifestJson.Readable.PartialNote));
            }
            catch (RunFailedException e)
            {
                throw NotWritten(e.InnerException ?? e);
            }
        }
    }

    /// <summary>Forces the content to disk and gives the file its final name.</summary>
    public void Publish(string target)
    {
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
        File.SetLastWriteTimeUtc(_path, ModelFolders.Published);
        File.Move(_path, target, overwrite: true);
        File.Delete(NoteOf(_path));
    }

    /// <summary>Removes what has arrived: it is not what it should be.</summary>
    public void Discard()
    {
        _handle.Dispose();
        File.Delete(_path);
        File.Delete(NoteOf(_path));
    }

    public string Sha256()
    {
        RandomAccess.FlushToDisk(_handle);
        return ContentHash.OfFile(_path);
    }

    /// <summary>The id under which git stores this content.</summary>
    public string GitId()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {_note.Bytes}\0"));
        var buffer = new byte[1 << 16];
        long at = 0;
        while (RandomAccess.Read(_handle, buffer, at) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            at += read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => _handle.Dispose();

    private RunFailedException NotWritten(Exception e) =>
        new(
            $"{_path} could not be written: {e.Message}",
            "Free some space there; what has arrived is kept, and the same command goes on from there",
            e);

    private static PartialNote? ReadNote(string path)
    {
        if (!File.Exists(NoteOf(path))) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(NoteOf(path)), ManifestJson.Readable.PartialNote);
        }
        catch (JsonException)
        {
            // A note that cannot be read is as good as none: the download begins again.
            return null;
        }
    }

    private static string NoteOf(string path) => path + ".json";
}

/// <param name="Tag">The content's tag; see <see cref="RemoteFile.Tag"/>.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="RangeBytes">Length of a range.</param>
/// <param name="Done">The ranges that have arrived.</param>
internal sealed record PartialNote(string Tag, long Bytes, int RangeBytes, List<int> Done)
{
    /// <summary>
    /// True when this describes the beginning of exactly that content. A server that gives no tag cannot be relied on to have
    /// kept it.
    /// </summary>
    public bool IsOf(RemoteFile remote, int rangeBytes) =>
        Done is not null && remote.Tag.Length > 0 && Tag == remote.Tag && Bytes == remote.Bytes && RangeBytes == rangeBytes
        && Done.TrueForAll(range => range >= 0 && (long)range * RangeBytes < Bytes);
}
