using System.Text.Json;

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

    /// <summary>Writes one flat JSON object of texts, ints and doubles.</summary>
    public static void WriteJson(Stream output, IEnumerable<(string Key, object Value)> members)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var (key, value) in members)
        {
            if (value is string text) json.WriteString(key, text);
            else if (value is int whole) json.WriteNumber(key, whole);
            else json.WriteNumber(key, (double)value);
        }
        json.WriteEndObject();
    }
}
