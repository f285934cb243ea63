using System.Security.Cryptography;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

/// <summary>A folder to download into, a card that names one file, and that file's content.</summary>
public abstract class HubTests : IDisposable
{
    protected const string Name = "model.safetensors";

    protected static byte[] Content { get; } = RandomNumberGenerator.GetBytes(100_000);

    protected static string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Content));

    protected static string[] Metadata { get; } = [$"ETag: \"{Sha256}\""];

    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task DownloadAsync(MisbehavingHub hub, Func<HubSettings, HubSettings>? change = null, ModelCard? card = null) =>
        new HubFiles(card ?? Card(), Folder.Path, (change ?? (s => s))(Settings(hub.Address)), TimeProvider.System)
            .DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken);

    private protected async Task<string> UnavailableAsync(MisbehavingHub hub, string folder = "", Func<HubSettings, HubSettings>? change = null)
    {
        var files = new HubFiles(Card(), Path.Combine(Folder.Path, folder), (change ?? (s => s))(Settings(hub.Address)), TimeProvider.System);
        return (await Assert.ThrowsAsync<HubUnavailableException>(() => files.DownloadAsync(SilentObserver.Instance, TestContext.Current.CancellationToken))).Message;
    }

    private protected HubFiles Files(MisbehavingHub hub) => Files(hub.Address, s => s);

    private protected HubFiles Files(Uri address, Func<HubSettings, HubSettings> change) => new(Card(), Folder.Path, change(Settings(address)), TimeProvider.System);

    protected static HubSettings Settings(Uri address) =>
        new() { Endpoint = address, RangeBytes = 16_000, Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1), StallLimit = TimeSpan.FromSeconds(20) };

    protected ModelCard Card(string? sha256 = "") => TinyModel.Card() with
    {
        Source = new ModelSource("owner/name", new string('1', 40), [new ModelSourceFile(Name, sha256?.Length == 0 ? Sha256 : sha256)]),
        Folder = Folder.Path,
    };

    protected byte[] Downloaded() => File.ReadAllBytes(Path.Combine(Folder.Path, Name));

    protected string[] Left() => [.. Directory.EnumerateFileSystemEntries(Folder.Path).Select(p => Path.GetFileName(p)!)];
}
