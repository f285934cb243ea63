using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Models.Hub;
using ServeBench.Models.Packages;

namespace ServeBench.Models.Store;

/// <summary>
/// Remembers for a while that the hub could not be reached, that it refused a repository, or that no feed had a package, so that
/// the next command does not
/// wait for the network again. The time is short enough for a machine that comes back to its network.
/// </summary>
/// <param name="root">Where models are kept.</param>
internal sealed class HubMemory(string root, HubSettings hub, TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    private string FilePath => Path.Combine(root, "hub.json");

    /// <summary>What went wrong a short while ago with this card's repository, or with the hub altogether; null when nothing did.</summary>
    public HubFailure? Recall(ModelCard card) => Read().FirstOrDefault(f => f.Source == Hub() || f.Source == Repository(card));

    public HubFailure Remember(ModelCard card, HubUnavailableException e)
    {
        var failure = new HubFailure(e.Unreachable ? Hub() : Repository(card), e.Brief, e.Message, time.GetUtcNow());
        Write([.. Read().Where(f => f.Source != failure.Source), failure]);
        return failure;
    }

    /// <summary>What went wrong a short while ago with a package; null when nothing did.</summary>
    public HubFailure? Recall(ModelPackage package) => Read().FirstOrDefault(f => f.Source == package.ToString());

    public HubFailure Remember(ModelPackage package, PackageUnavailableException e)
    {
        var failure = new HubFailure(package.ToString(), e.Brief, e.Message, time.GetUtcNow());
        Write([.. Read().Where(f => f.Source != failure.Source), failure]);
        return failure;
    }

    /// <summary>The hub has given something: it can be reached after all.</summary>
    public void Forget(ModelCard card)
    {
        var all = Read();
        var rest = all.Where(f => f.Source != Hub() && f.Source != Repository(card)).ToArray();
        if (rest.Length < all.Count) Write(rest);
    }

    private string Hub() => hub.Endpoint.ToString();

    /// <summary>With a token, a hub may give what it refuses without one.</summary>
    private string Repository(ModelCard card) =>
        $"{hub.Endpoint} {card.Source.Repository} {card.Source.Revision}{(hub.Token is null ? "" : " with a token")}";

    private IReadOnlyList<HubFailure> Read()
    {
        if (!File.Exists(FilePath)) return [];
        try
        {
            var now = time.GetUtcNow();
            var all = JsonSerializer.Deserialize(File.ReadAllText(FilePath), ManifestJson.Readable.HubFailureArray);
            return [.. (all ?? []).Where(f => f?.Brief is not null && f.At <= now && now - f.At < Lasts)];
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            // A note that cannot be read says nothing: the hub is asked again.
            return [];
        }
    }

    private void Write(HubFailure[] failures) =>
        AtomicFile.WriteText(FilePath, JsonSerializer.Serialize(failures, ManifestJson.Readable.HubFailureArray) + "\n");
}

/// <param name="Source">What failed: a hub, one repository of it, or a package.</param>
/// <param name="Brief">Why, in a few words.</param>
/// <param name="Detail">Why, with the address and every number.</param>
/// <param name="At">When.</param>
internal sealed record HubFailure(string Source, string Brief, string Detail, DateTimeOffset At);
