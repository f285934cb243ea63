using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Load.Wire;
using ServeBench.Models.Store;

namespace ServeBench.Runs.Planning;

/// <summary>
/// Hashes of everything that decides a result (docs/formats.md): equal fingerprints mean that the stored result is the one
/// that measuring again would be after.
/// </summary>
public sealed class Fingerprints
{
    /// <summary>Raised when what a fingerprint consists of changes: results stored by an earlier version are then measured again.</summary>
    private const int Format = 2;

    /// <summary>What a profile has for other measurements than a case's, and for runs as a whole.</summary>
    private static readonly string[] OtherMeasurements =
    [
        nameof(Profile.Ceiling), nameof(Profile.Calibrate),
        nameof(Profile.Trials), nameof(Profile.ColdStarts), nameof(Profile.Twin), nameof(Profile.Quotable),
    ];

    private readonly Catalogue _catalogue;
    private readonly IHost _host;
    private readonly string _bench;
    private readonly Dictionary<string, string> _files = [];
    private readonly Dictionary<string, string> _stacks = [];

    /// <param name="catalogue">The files whose content counts.</param>
    /// <param name="host">Where stacks run.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="cores">Who has which cores.</param>
    /// <param name="programs">The programs of ours that measure; see <see cref="MeasuringPrograms"/>.</param>
    public Fingerprints(Catalogue catalogue, IHost host, MachineRecord machine, CorePlan cores, string programs)
    {
        _catalogue = catalogue;
        _host = host;
        using var hash = new ContentHash();
        _bench = hash
            .Add("format", Format)
            .Add("programs", programs)
            .AddRecord("machine", machine)
            .AddRecord("client", cores.Client)
            .AddRecord("server", cores.Server)
            .Finish();
    }

    /// <summary>A stack in one of its tracks as it runs here: its folder (but for its README), its programs, its settings.</summary>
    public string Stack(Domain.Stacks.Stack stack, Track track)
    {
        var label = Track.Label(stack.Name, track.Name);
        if (_stacks.TryGetValue(label, out var known)) return known;
        using var hash = new ContentHash();
        hash.Add("folder", ContentHash.OfFolder(stack.Folder, name => name != "README.md")).Add("host", _host.Fingerprint(stack))
            .AddRecord("stack", stack).AddRecord("track", track);
        return _stacks[label] = hash.Finish();
    }

    public string Deployment(Contender contender, ModelArtifact model, int trial)
    {
        using var hash = new ContentHash();
        return hash.Add("bench", _bench).Add("label", contender.Label).Add("stack", Stack(contender.Stack, contender.Track))
            .Add("model", model.Model).Add("artifact", Artifact(model))
            .AddRecord("parity", _catalogue.Model(model.Model).ParityOf(model.Precision)).Add("trial", trial).Finish();
    }

    /// <param name="deployment">Fingerprint of the deployment that it runs on.</param>
    /// <param name="protocol">How the stack is spoken to.</param>
    public string Case(
        string deployment,
        Workload workload,
        Protocol protocol,
        Scenario scenario,
        LoadShape shape,
        Profile profile,
        SeedRecord seeds,
        string driver)
    {
        using var hash = new ContentHash();
        AddPayload(hash, workload, seeds);
        hash.Add("deployment", deployment).AddRecord("workload", workload).Add("scenario", scenario.Name).AddRecord("shape", shape)
            .Add("protocol", File(Path.Combine(_catalogue.Folders.Protocols, $"{protocol.Name}.yaml")))
            .AddRecord("profile", profile, OtherMeasurements).Add("driver", driver);
        foreach (var file in WireFormat.Of(protocol).Files) hash.Add("proto", File(Path.Combine(_catalogue.Folders.Protocols, file)));
        if (shape.IsOpen) hash.Add("arrivals", seeds.Arrivals);
        return hash.Finish();
    }

    /// <summary>What makes a run the same run: all that is planned, in its order, and what the request says beside it.</summary>
    public static string Plan(RunPlan plan, RunRequest request, SeedRecord seeds)
    {
        using var hash = new ContentHash();
        return hash.Add("format", Format).AddRecord("plan", plan).AddRecord("request", request).AddRecord("seeds", seeds).Finish();
    }

    /// <param name="trial">0 for the sweep before the run.</param>
    /// <param name="batchSize">The one batch size measured; null for a sweep over all.</param>
    public string Ceiling(Workload workload, ModelArtifact model, Profile profile, SeedRecord seeds, int trial, int? batchSize)
    {
        using var hash = new ContentHash();
        AddPayload(hash, workload, seeds);
        return hash.Add("bench", _bench).Add("model", Artifact(model)).AddRecord("duration", profile.Ceiling)
            .Add("trial", trial).AddRecord("batch", batchSize).Finish();
    }

    /// <param name="nullServer">Hash of the null server's program.</param>
    /// <param name="protocol">How it is spoken to.</param>
    public string Calibration(Profile profile, string driver, string nullServer, Protocol protocol, int requestBytes, string response)
    {
        using var hash = new ContentHash();
        return hash
            .Add("null server", nullServer)
            .Add("protocol", File(Path.Combine(_catalogue.Folders.Protocols, $"{protocol.Name}.yaml")))
                .Add("bench", _bench).Add("driver", driver).AddRecord("duration", profile.Calibrate)
                .Add("request", requestBytes).Add("response", response).Finish();
    }

    private void AddPayload(ContentHash hash, Workload workload, SeedRecord seeds)
    {
        hash.Add("name", workload.Name).Add("payload seed", seeds.Payload).AddRecord("payload", workload.Payload);
        foreach (var name in workload.Payload.Files.Concat(workload.Payload.FilesOrFolders))
        {
            var path = Path.Combine(_catalogue.Folders.Data, name);
            hash.Add(name, Directory.Exists(path) ? ContentHash.OfFolder(path) : File(path));
        }
    }

    /// <summary>The prepared model: its manifest names the hashes of all its files, and its references.</summary>
    private string Artifact(ModelArtifact model) => File(Path.Combine(model.Folder, ModelManifest.FileName));

    private string File(string path) => _files.TryGetValue(path, out var known) ? known : _files[path] = ContentHash.OfFile(path);
}
