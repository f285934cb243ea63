using System.IO.Compression;
using System.Text;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Importing;

namespace ServeBench.Runs.Tests.Importing;

/// <summary>A run's folder to import into, and files to import.</summary>
public sealed class ImportFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("servebench-import-").FullName;

    public RunFolder Run => new(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public ImportedRecord Import(params string[] files) => ImportAs("a/case", files).Record;

    public Imported ImportAs(string name, params string[] files) => Importer.Import(Run, files, name, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Imports a text as a file.</summary>
    public ImportedRecord Text(string text, string name = "results") => Import(Write(name, text));

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    public static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
