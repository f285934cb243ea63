using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;

namespace ServeBench.Load.K6.Finding;

/// <summary>
/// The release of k6 that is fetched where there is none: for this system and processor, checked against the checksums that
/// were published with it, and kept in the cache of tools.
/// </summary>
/// <param name="client">Fetches files.</param>
/// <param name="releases">Address below which releases lie, one folder per tag.</param>
/// <param name="cache">Folder of the cache: one folder per version.</param>
public sealed class K6Release(HttpClient client, Uri releases, string cache)
{
    /// <summary>The version that is fetched. A change of it makes results measured with the old one stale, as it should.</summary>
    public static readonly Version Pinned = new(2, 2, 0);

    /// <summary>Where k6's authors publish their releases.</summary>
    public static readonly Uri Published = new("https://github.com/grafana/k6/releases/download/");

    /// <summary>Path of the program when it has been fetched before; null when it has not.</summary>
    public string? Cached => File.Exists(Program) ? Program : null;

    private static string ProgramName => OperatingSystem.IsWindows() ? "k6.exe" : "k6";

    private string Program => Path.Combine(cache, $"{Pinned}", ProgramName);

    /// <summary>Name of the archive for a system: <c>k6-v2.2.0-linux-amd64.tar.gz</c>; null when k6 is not published for it.</summary>
    public static string? Archive(OSPlatform system, Architecture processor)
    {
        var name = system == OSPlatform.Linux
            ? "linux"
            : system == OSPlatform.OSX ? "macos" : system == OSPlatform.Windows ? "windows" : null;
        var kind = processor switch { Architecture.X64 => "amd64", Architecture.Arm64 when name != "windows" => "arm64", _ => null };
        return name is null || kind is null ? null : $"k6-v{Pinned}-{name}-{kind}.{(name == "linux" ? "tar.gz" : "zip")}";
    }

    /// <returns>Path of the program.</returns>
    /// <exception cref="FaultException">when it cannot be obtained; says in one sentence what to do.</exception>
    public async Task<string> FetchAsync(IRunObserver observer, CancellationToken ct)
    {
        var system = OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux;
        if (Archive(system, RuntimeInformation.OSArchitecture) is not { } archive)
            throw Fault($"k6 is not published for {RuntimeInformation.OSDescription} on {RuntimeInformation.OSArchitecture}");
        using var step = observer.Begin($"Fetching k6 {Pinned}");
        try
        {
            var published = await client.GetStringAsync(At($"k6-v{Pinned}-checksums.txt"), ct);
            var expected = Checksum(published, archive) ?? throw Fault($"the checksums published with k6 {Pinned} do not name {archive}");
            var bytes = await client.GetByteArrayAsync(At(archive), ct);
            var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (found != expected)
                throw Fault($"{archive} is not what was published: its SHA-256 is {found}, the published one {expected}");
            AtomicFile.Write(Program, file => file.Write(Unpack(bytes, archive)));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException
            || e is TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw Fault($"k6 {Pinned} could not be fetched from {At(archive)}: {e.Message}");
        }
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Program, (UnixFileMode)0b111_101_101);
        return Program;
    }

    /// <summary>The line of a checksum file that names a file: <c>sha256, two spaces, name</c>.</summary>
    private static string? Checksum(string published, string archive) => published.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Where(words => words.Length == 2 && words[1].TrimStart('*') == archive)
        .Select(words => words[0].ToLowerInvariant())
        .FirstOrDefault();

    private static byte[] Unpack(byte[] bytes, string archive)
    {
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(new MemoryStream(bytes));
            var entry = zip.Entries.FirstOrDefault(e => e.Name == ProgramName)
                ?? throw new InvalidDataException($"it holds no {ProgramName}");
            using var content = entry.Open();
            return All(content);
        }
        using var tar = new TarReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && Path.GetFileName(entry.Name) == ProgramName)
                return All(entry.DataStream!);
        }
        throw new InvalidDataException($"it holds no {ProgramName}");
    }

    private static byte[] All(Stream content)
    {
        using var all = new MemoryStream();
        content.CopyTo(all);
        return all.ToArray();
    }

    private static FaultException Fault(string problem) => new(new Fault("--driver", null, null, problem,
        "Install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/) and name it with --k6=PATH, or use --driver=native, "
            + "which needs none"));

    private Uri At(string file) => new(releases, $"v{Pinned}/{file}");
}
