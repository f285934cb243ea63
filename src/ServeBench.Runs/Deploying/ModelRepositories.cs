using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServeBench.Domain;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Yaml;
using ServeBench.Load.Wire;
using ServeBench.Models.Store;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>
/// Makes the folders that the <c>model-repository:</c> of stacks describe, each of one prepared model. They lie beside it, named by all
/// that they are made of, and appear whole: one that is there is used as it is.
/// </summary>
public static class ModelRepositories
{
    /// <summary>Where they lie, beside the prepared models of one name.</summary>
    public const string FolderName = ".repositories";

    private static readonly IReadOnlyList<IDerivedFile> Derived = Plugins.Of<IDerivedFile>(d => d.Id);

    /// <param name="stack">The stack.</param>
    /// <param name="track">How it is set up.</param>
    /// <param name="model">The prepared model.</param>
    /// <param name="cores">How many logical processors its server is confined to.</param>
    /// <returns>The folder's absolute path; null for a stack that reads the prepared model itself.</returns>
    /// <exception cref="RunFailedException">when the model lacks what the folder needs, or the folder cannot be written.</exception>
    public static string? Make(Stack stack, Track track, ModelArtifact model, int cores)
    {
        if (stack.ModelRepository.Count == 0) return null;
        var fill = Values(stack, track, model, cores);
        var files = stack.ModelRepository.ToDictionary(f => Placeholder.Fill(f.Path, fill), f => Content(f, stack, model, fill));
        var parent = Path.Combine(Path.GetDirectoryName(model.Folder)!, FolderName);
        var folder = Path.Combine(parent, $"{stack.Name}-{Key(model, files)}");
        if (Directory.Exists(folder)) return folder;
        var building = Path.Combine(parent, $".building-{Guid.NewGuid():N}");
        try
        {
            foreach (var (path, content) in files) Write(Path.Combine(building, path), content);
            Directory.Move(building, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process may have made the same meanwhile.
            if (Directory.Exists(building)) Directory.Delete(building, recursive: true);
            if (!Directory.Exists(folder))
                throw new RunFailedException(
                    $"the model repository of {stack.Name} cannot be written: {e.Message}", $"Make room in {parent}", e);
        }
        return folder;
    }

    private static string Key(ModelArtifact model, Dictionary<string, Entry> files)
    {
        using var hash = new ContentHash();
        hash.Add("model", model.Folder);
        foreach (var (path, entry) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
            hash.Add(path, entry.Bytes is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes)) : entry.Identity);
        return hash.Finish()[..16];
    }

    private static Func<string, string> Values(Stack stack, Track track, ModelArtifact model, int cores)
    {
        string Manifest(string path)
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(model.Folder, ModelManifest.FileName)));
            return JsonPathEvaluator.Text(manifest.RootElement, JsonPath.TryParse(path, out _)!)
                ?? throw new RunFailedException(
                    $"the {ModelManifest.FileName} of {model.Model} has no {path}, which the model repository of {stack.Name} needs",
                    $"Choose a model of the groups that {stack.Name} serves");
        }

        return name => name switch
        {
            RepositoryFile.Model => model.Model,
            RepositoryFile.File => model.File(stack.ModelFormat),
            RepositoryFile.Cores => cores.ToString(CultureInfo.InvariantCulture),
            RepositoryFile.Track => track.Name,
            _ => Manifest(name[RepositoryFile.Manifest.Length..]),
        };
    }

    private static Entry Content(RepositoryFile file, Stack stack, ModelArtifact model, Func<string, string> fill)
    {
        if (file.ModelFile is { } name)
        {
            var path = Path.Combine(model.Folder, Placeholder.Fill(name, fill));
            return File.Exists(path)
                ? new Entry(path, null, path)
                : throw new RunFailedException(
                    $"{model.Model} has no {Path.GetFileName(path)}, which the model repository of {stack.Name} needs",
                    $"Choose a model of the groups that {stack.Name} serves");
        }
        if (file.Made is { } made)
            return new Entry(null, Make(made, stack, model), made);
        if (file.Template is { } template)
        {
            var text = File.ReadAllText(Path.GetFullPath(Placeholder.Fill(template, fill), stack.Folder));
            return new Entry(null, Encoding.UTF8.GetBytes(Placeholder.Fill(text, fill)), template);
        }
        return new Entry(Path.GetFullPath(file.Copy!, stack.Folder), null, file.CopySha256!) { IsCopied = true };
    }

    private static byte[] Make(string name, Stack stack, ModelArtifact model)
    {
        var makers = Derived.Where(d => d.Name == name).ToArray();
        if (makers.Length == 0)
            throw new RunFailedException(
                $"the model repository of {stack.Name} asks for {name}, which nothing makes",
                NearestName.Remedy(name, [.. Derived.Select(d => d.Name).Distinct()]));
        return makers.Select(d => d.Of(model)).FirstOrDefault(b => b is not null)
            ?? throw new RunFailedException(
                $"no {name} can be made of {model.Model}, which the model repository of {stack.Name} needs",
                $"Choose a model of the groups that {stack.Name} serves");
    }

    private static void Write(string path, Entry content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (content.Bytes is { } bytes) File.WriteAllBytes(path, bytes);
        else if (!content.IsCopied) ModelFolders.LinkOrCopy(content.Source!, path);
        else if (File.Exists(content.Source)) File.Copy(content.Source, path);
        else
        {
            foreach (var file in Directory.EnumerateFiles(content.Source!, "*", SearchOption.AllDirectories).Where(RepositoryFile.IsSource))
            {
                var target = Path.Combine(path, Path.GetRelativePath(content.Source!, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    /// <param name="Source">Absolute path of what is linked or copied; null where it is written.</param>
    /// <param name="Bytes">What is written.</param>
    /// <param name="Identity">What distinguishes it from another, where it is not written.</param>
    private sealed record Entry(string? Source, byte[]? Bytes, string Identity)
    {
        public bool IsCopied { get; init; }
    }
}
