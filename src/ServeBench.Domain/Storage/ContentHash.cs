using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServeBench.Domain.Storage;

/// <summary>
/// Builds a fingerprint out of named parts. Names and lengths are hashed too, so that no two different lists of parts can
/// give the same bytes.
/// </summary>
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ContentHash Add(string name, string value)
    {
        AddBytes(Encoding.UTF8.GetBytes(name));
        AddBytes(Encoding.UTF8.GetBytes(value));
        return this;
    }

    public ContentHash Add(string name, IFormattable value) =>
        Add(name, value.ToString(null, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Adds a list: how many values there are, and each.</summary>
    public ContentHash Add(string name, IEnumerable<string> values)
    {
        var all = values.ToArray();
        Add(name, all.Length);
        foreach (var value in all) AddBytes(Encoding.UTF8.GetBytes(value));
        return this;
    }

    /// <summary>Adds everything that a record holds and that may decide a result; see <see cref="CanonicalText"/>.</summary>
    public ContentHash AddRecord(string name, object? record, params IReadOnlyCollection<string> leftOut) =>
        Add(name, CanonicalText.Of(record, leftOut));

    /// <summary>Lower-case hexadecimal, 64 digits.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    /// <summary>SHA-256 of a file's bytes.</summary>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Hash over the relative names and contents of every file below a folder, in ordinal order.</summary>
    public static string OfFolder(string folder, Func<string, bool>? include = null)
    {
        using var hash = new ContentHash();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (include is null || include(name)) hash.Add(name, OfFile(file));
        }
        return hash.Finish();
    }

    private void AddBytes(byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
