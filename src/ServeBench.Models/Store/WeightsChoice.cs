using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Store;

/// <summary>
/// Decides which weights a request gets, and why. Pretrained ones are downloaded here; where that fails and the choice is
/// automatic, the failure is remembered for a while, so that the next call does not wait for the network again.
/// </summary>
internal sealed class WeightsChoice(string root, HubSettings hub, TimeProvider time, IRunObserver observer)
{
    private readonly HubMemory _memory = new(root, hub, time);

    public async Task<(Checkpoint Checkpoint, WeightsReason Reason)> DecideAsync(ModelCard card, IArchitecture architecture, ModelRequest request, CancellationToken cancellation)
    {
        if (!WeightsSource.All.Contains(request.Weights))
            throw new FaultException(new Fault("--weights", null, null, $"'{request.Weights}' is not known", NearestName.Remedy(request.Weights, WeightsSource.All)));
        var seeded = new SeededCheckpoint(root, card, architecture);
        var asked = new WeightsReason($"asked for with --weights={request.Weights}");
        if (request.Weights == WeightsSource.Seeded) return (seeded, asked);

        var files = new HubFiles(card, Path.Combine(root, ".weights", $"{card.Source.Repository.Replace('/', '-')}-{card.Source.Revision[..Math.Min(12, card.Source.Revision.Length)]}"), hub, time);
        var pretrained = new PretrainedCheckpoint(card, files);
        var insists = request.Weights == WeightsSource.Pretrained;
        ShardedCheckpoint.Check(card.Name, [.. card.Source.Files.Select(f => f.Path)]);
        if (files.AreHere)
        {
            Checks(card, architecture, pretrained).Small();
            return (pretrained, insists ? asked : new WeightsReason("downloaded earlier"));
        }
        if (hub.Cache is not null)
        {
            using var held = await FolderLock.AcquireAsync(files.Folder, observer, cancellation);
            files.TakeCached();
            if (files.AreHere)
            {
                Checks(card, architecture, pretrained).Small();
                return (pretrained, insists ? asked : new WeightsReason($"found in {hub.Cache}"));
            }
        }
        if ((request.Offline ? "--offline" : hub.OfflineBecauseOf) is { } forbidding)
        {
            if (insists) throw new RunFailedException($"The weights of {card.Source.Repository} are not here, and {forbidding} forbids to download them", $"Leave out {forbidding}, or use --weights=seeded");
            return (seeded, new WeightsReason($"{forbidding} forbids to download others"));
        }
        if (!insists && !request.Force && _memory.Recall(card) is { } failure) return (seeded, Because(failure));
        try
        {
            using var held = await FolderLock.AcquireAsync(files.Folder, observer, cancellation);
            if (!files.AreHere) await files.DownloadAsync(observer, cancellation, architecture.Tensors(card.Export).Sum(t => t.Elements * sizeof(float)), Checks(card, architecture, pretrained));
            _memory.Forget(card);
            return (pretrained, insists ? asked : new WeightsReason($"downloaded from {hub.Endpoint.Host}"));
        }
        catch (HubUnavailableException e) when (insists)
        {
            throw new RunFailedException(e.Message, $"{e.Remedy}, or use --weights=seeded", e);
        }
        catch (HubUnavailableException e)
        {
            return (seeded, Because(_memory.Remember(card, e)));
        }
    }

    private static DownloadChecks Checks(ModelCard card, IArchitecture architecture, PretrainedCheckpoint files) => new(
        () =>
        {
            if (files.Published(ModelPreparation.ConfigurationFile) is { } configuration) CheckpointCheck.Config(configuration, architecture, card.Export);
            CheckpointCheck.Tokenizer(files, architecture, card.Export);
        },
        tensors =>
        {
            architecture.Alias(tensors);
            CheckpointCheck.Tensors(tensors, architecture.Tensors(card.Export));
        });

    private static WeightsReason Because(HubFailure failure) =>
        new(failure.Brief, $"{failure.Detail}; found at {failure.At.ToString("u", CultureInfo.InvariantCulture)}");
}

/// <param name="Brief">Why these weights, in a few words: they stand in tables and reports.</param>
/// <param name="Detail">The evidence, where there is any.</param>
internal sealed record WeightsReason(string Brief, string? Detail = null);
