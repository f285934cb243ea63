using ServeBench.Domain.Storage;

namespace ServeBench.Synthetic;

/// <summary>Adds a model to a synthetic run: every stack is deployed with it, too, and starts slower.</summary>
public static class SecondModel
{
    public const string Name = "large";

    public static RunFolder AddTo(RunFolder folder, double slowerBySeconds)
    {
        var manifest = folder.ReadManifest();
        RunFolder.WriteJson(folder.ManifestFile, manifest with { Models = [.. manifest.Models, manifest.Models[0] with { Name = Name, Title = Name }] }, DomainJson.Readable.RunManifest);
        foreach (var deployment in folder.ReadDeployments())
        {
            var also = deployment with { Id = $"{deployment.Id}-{Name}", Model = Name, ColdStartSeconds = deployment.ColdStartSeconds + slowerBySeconds };
            RunFolder.WriteJson(Path.Combine(folder.Deployments, $"{also.Id}.json"), also, DomainJson.Readable.DeploymentRecord);
        }
        return folder;
    }
}
