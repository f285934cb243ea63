using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;

namespace ServeBench.Models.Store;

/// <summary>
/// Decides which weights a request gets, and why. Pretrained ones are downloaded here; where that fails and the choice is
/// automatic, the failure is remembered, so that the next call does not wait for the network again.
/// </summary>
internal sealed class WeightsChoice(string root, HubSettings hub, TimeProvider time, IRunObserver observer)
{
    public async Task<(Checkpoint Checkpoint, string Reason)> DecideAsync(ModelCard card, IArchitecture architecture, ModelRequest request, CancellationToken cancellation)
    {
        if (!WeightsSource.All.Contains(request.Weights))
            throw new FaultException(new Fault("--weights", null, null, $"'{request.Weights}' is not known", NearestName.Remedy(request.Weights, WeightsSource.All)));
        var seeded = new SeededCheckpoint(root, card, architecture);
        if (request.Weights == WeightsSource.Seeded) return (seeded, "seeded weights were asked for");

        var files = new HubFiles(card, Path.Combine(root, ".weights", $"{card.Source.Repository.Replace('/', '-')}-{card.Source.Revision[..Math.Min(12, card.Source.Revision.Length)]}"), hub, time);
        var pretrained = new PretrainedCheckpoint(card, files);
        var asked = request.Weights == WeightsSource.Pretrained;
        if (files.AreHere) return (pretrained, asked ? "pretrained weights were asked for" : $"the weights of {card.Source.Repository} are here");
        if (request.Offline)
        {
            if (asked) throw new RunFailedException($"The weights of {card.Source.Repository} are not here, and --offline forbids to download them", "Leave out --offline, or use --weights=seeded");
            return (seeded, $"the weights of {card.Source.Repository} are not here, and --offline forbids to download them");
        }
        if (!asked && !request.Force && Remembered(card) is { } earlier) return (seeded, earlier);
        try
        {
            using var held = await FolderLock.AcquireAsync(files.Folder, observer, cancellation);
            if (!files.AreHere) await files.DownloadAsync(observer, cancellation);
            return (pretrained, asked ? "pretrained weights were asked for" : $"the weights of {card.Source.Repository} could be downloaded");
        }
        catch (HubUnavailableException e) when (asked)
        {
            throw new RunFailedException(e.Message, $"{e.Remedy}, or use --weights=seeded", e);
        }
        catch (HubUnavailableException e)
        {
            var reason = $"the weights of {card.Source.Repository} could not be downloaded ({e.Message}); --weights=pretrained tries again";
            Remember(card, reason);
            observer.Warn($"{card.Name} is served with seeded weights: {reason}");
            return (seeded, reason);
        }
    }

    private string? Remembered(ModelCard card)
    {
        if (!File.Exists(NoteOf(card))) return null;
        try
        {
            var note = JsonSerializer.Deserialize(File.ReadAllText(NoteOf(card)), ManifestJson.Readable.AutomaticChoice);
            return note?.Source == SourceOf(card) ? note.Reason : null;
        }
        catch (JsonException)
        {
            // A note that cannot be read says nothing: the hub is asked again.
            return null;
        }
    }

    private void Remember(ModelCard card, string reason) =>
        AtomicFile.WriteText(NoteOf(card), JsonSerializer.Serialize(new AutomaticChoice(SourceOf(card), reason), ManifestJson.Readable.AutomaticChoice) + "\n");

    private string SourceOf(ModelCard card) => $"{hub.Endpoint} {card.Source.Repository} {card.Source.Revision}";

    private string NoteOf(ModelCard card) => Path.Combine(root, card.Name, "auto.json");
}

/// <param name="Source">What could not be downloaded, and from where.</param>
/// <param name="Reason">Why, as reports show it.</param>
internal sealed record AutomaticChoice(string Source, string Reason);
