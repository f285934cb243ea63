using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Load.K6.Finding;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.K6.Finding;

/// <summary>Against a server of this machine that publishes releases.</summary>
public sealed class K6ReleaseTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("servebench-tools-").FullName;
    private readonly HttpClient _client = new();
    private readonly byte[] _archive = Archive("#!/bin/sh\necho 'k6 v2.2.0 (go1.26, linux/amd64)'\n");

    public K6ReleaseTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "the archive here is that of Linux on x64");

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task A_release_is_fetched_checked_and_kept()
    {
        using var server = Publish(Convert.ToHexStringLower(SHA256.HashData(_archive)));
        var release = Release(server);
        Assert.Null(release.Cached);
        var program = await release.FetchAsync(SilentObserver.Instance, Ct);
        Assert.Equal(program, release.Cached);
        Assert.Equal(Path.Combine(_cache, "2.2.0", "k6"), program);
        if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute));
        Assert.StartsWith("#!/bin/sh", await File.ReadAllTextAsync(program, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_match_its_published_checksum_is_thrown_away()
    {
        using var server = Publish(new string('0', 64));
        await FailsAsync(server, "is not what was published: its SHA-256 is ");
    }

    [Fact]
    public async Task A_release_without_a_checksum_for_this_machine_is_refused()
    {
        using var server = new ScriptedServer(e => e.Answer(body: "abc  k6-v2.2.0-plan9-mips.tar.gz\n"));
        await FailsAsync(server, "do not name k6-v2.2.0-linux-amd64.tar.gz");
    }

    [Fact]
    public async Task A_release_that_is_not_there_is_told()
    {
        using var server = new ScriptedServer(e => e.Answer(status: 404));
        await FailsAsync(server, "could not be fetched from ");
    }

    [Theory]
    [InlineData("LINUX", Architecture.X64, "k6-v2.2.0-linux-amd64.tar.gz")]
    [InlineData("LINUX", Architecture.Arm64, "k6-v2.2.0-linux-arm64.tar.gz")]
    [InlineData("OSX", Architecture.Arm64, "k6-v2.2.0-macos-arm64.zip")]
    [InlineData("WINDOWS", Architecture.X64, "k6-v2.2.0-windows-amd64.zip")]
    [InlineData("WINDOWS", Architecture.Arm64, null)]
    [InlineData("LINUX", Architecture.S390x, null)]
    [InlineData("FREEBSD", Architecture.X64, null)]
    public void Every_system_that_k6_is_published_for_has_an_archive(string system, Architecture processor, string? name) =>
        Assert.Equal(name, K6Release.Archive(OSPlatform.Create(system), processor));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task FailsAsync(ScriptedServer server, string problem)
    {
        var release = Release(server);
        var failure = await Assert.ThrowsAsync<FaultException>(() => release.FetchAsync(SilentObserver.Instance, Ct));
        Assert.Contains(problem, failure.Faults[0].Problem, StringComparison.Ordinal);
        Assert.Contains("--k6=PATH", failure.Faults[0].Remedy, StringComparison.Ordinal);
        Assert.Null(release.Cached);
    }

    private K6Release Release(ScriptedServer server) => new(_client, new Uri($"http://{server.EndPoint}/releases/"), _cache);

    private ScriptedServer Publish(string checksum)
    {
        var name = "k6-v2.2.0-linux-amd64.tar.gz";
        return new ScriptedServer(e =>
        {
            if (e.Head.StartsWith("GET /releases/v2.2.0/k6-v2.2.0-checksums.txt ", StringComparison.Ordinal)) e.Answer(body: $"{new string('1', 64)}  k6-v2.2.0-linux-arm64.tar.gz\n{checksum}  {name}\n");
            else if (e.Head.StartsWith($"GET /releases/v2.2.0/{name} ", StringComparison.Ordinal)) e.Raw($"HTTP/1.1 200 OK\r\nContent-Length: {_archive.Length}\r\n\r\n{Latin1.Text(_archive)}");
            else e.Answer(status: 404);
        });
    }

    private static byte[] Archive(string program)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "k6-v2.2.0-linux-amd64/"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "k6-v2.2.0-linux-amd64/k6") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(program)) });
        }
        return bytes.ToArray();
    }
}
