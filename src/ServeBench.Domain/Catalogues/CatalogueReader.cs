using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Catalogues;

/// <summary>Discovers every catalogue file, reads it strictly, and checks that every name one file uses is another's.</summary>
public static partial class CatalogueReader
{
    /// <exception cref="FaultException">with every fault of every file.</exception>
    public static Catalogue Read(CatalogueFolders folders, CatalogueVocabulary vocabulary)
    {
        var faults = new FaultList();
        var profiles = Files(folders.Profiles, "*.yaml", faults, folders, ProfileReader.Read, p => p.Name, FileName);
        var names = profiles.Select(p => p.Value.Name).ToArray();
        var models = Files(folders.Models, "*/model.yaml", faults, folders, (f, path) => ModelCardReader.Read(f, FolderOf(path), vocabulary), m => m.Name, FolderName);
        var stacks = Files(folders.Stacks, "*/stack.yaml", faults, folders, (f, path) => StackReader.Read(f, FolderOf(path), vocabulary), s => s.Name, FolderName);
        var protocols = Files(folders.Protocols, "*.yaml", faults, folders, f => ProtocolReader.Read(f, vocabulary.WireFormats), p => p.Name, FileName);
        var workloads = Files(folders.Workloads, "*/*.yaml", faults, folders, (f, path) => WorkloadReader.Read(f, path, FolderName(path), names), w => w.Name, FileName);

        CheckReferences(faults, folders, models, stacks, protocols, workloads);
        faults.ThrowIfAny();
        return new Catalogue(folders, Sorted(models, m => m.Name), Sorted(stacks, s => s.Name), Sorted(protocols, p => p.Name),
            Sorted(workloads, w => w.Name), Sorted(profiles, p => p.Name));
    }

    /// <summary>Reads one protocol file that need not be part of a catalogue.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wireFormats">Those that it may name.</param>
    /// <exception cref="FaultException">with every fault of the file.</exception>
    public static Protocol ReadProtocol(string path, IReadOnlyList<IWireFormatReader> wireFormats)
    {
        var faults = new FaultList();
        var protocol = YamlFile.Read(path, path, faults) is { } file ? ProtocolReader.Read(file, wireFormats) : null;
        faults.ThrowIfAny();
        return protocol!;
    }

    private static void CheckReferences(
        FaultList faults,
        CatalogueFolders folders,
        List<Entry<ModelCard>> models,
        List<Entry<Stack>> stacks,
        List<Entry<Protocol>> protocols,
        List<Entry<Workload>> workloads)
    {
        var groups = workloads.Select(w => w.Value.Group).Distinct().ToArray();
        var protocolNames = protocols.Select(p => p.Value.Name).ToArray();
        var modelNames = models.Select(m => m.Value.Name).ToArray();
        foreach (var (file, stack) in stacks)
        {
            Known(file, "groups", stack.Groups, groups, "group");
            Known(file, "protocols", stack.Protocols, protocolNames, "protocol");
        }
        foreach (var (file, model) in models) Known(file, "groups", model.Groups, groups, "group");
        foreach (var (file, workload) in workloads)
        {
            Known(file, "protocols", workload.Protocols, protocolNames, "protocol");
            Known(file, "models", workload.Models, modelNames, "model");
            foreach (var name in workload.Protocols)
            {
                if (protocols.Find(p => p.Value.Name == name)?.Value is { } protocol && protocol.Payload != workload.Payload.Kind)
                    file.Fault("protocols", $"{name} carries {protocol.Payload} payloads, this workload's are {workload.Payload.Kind}");
            }
            if (workload.Payload is TextPayload text && text.Corpus.Length > 0 && !File.Exists(Path.Combine(folders.Data, text.Corpus)))
                file.Fault("payload", $"there is no corpus {folders.Shown(Path.Combine(folders.Data, text.Corpus))}", "Name a file that lies there");
        }
        if (workloads.Count == 0 && faults.Count == 0)
            faults.Add(new Fault(folders.Shown(folders.Workloads), null, null, "no workload was found", "Is this the repository's root?"));
    }

    private static void Known(YamlMapping file, string key, IReadOnlyList<string> used, string[] known, string what)
    {
        foreach (var name in used.Where(n => n.Length > 0 && !known.Contains(n)))
            file.Fault(key, $"no {what} is called '{name}'", NearestName.Remedy(name, known));
        foreach (var twice in used.GroupBy(n => n).Where(g => g.Count() > 1))
            file.Fault(key, $"'{twice.Key}' stands here twice");
    }

    private static List<Entry<T>> Files<T>(string folder, string pattern, FaultList faults, CatalogueFolders folders,
        Func<YamlMapping, T> read, Func<T, string> name, Func<string, string> nameByPlace) =>
        Files(folder, pattern, faults, folders, (f, _) => read(f), name, nameByPlace);

    private static List<Entry<T>> Files<T>(string folder, string pattern, FaultList faults, CatalogueFolders folders,
        Func<YamlMapping, string, T> read, Func<T, string> name, Func<string, string> nameByPlace)
    {
        var entries = new List<Entry<T>>();
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in Find(folder, pattern))
        {
            var shown = folders.Shown(path);
            if (YamlFile.Read(path, shown, faults) is not { } file) continue;
            var value = read(file, path);
            var given = name(value);
            if (given.Length > 0 && given != nameByPlace(path))
                file.Fault("name", $"the name is '{given}' but the place says '{nameByPlace(path)}'", "Make them the same");
            if (given.Length > 0 && !SafeName().IsMatch(given))
                file.Fault("name", $"'{given}' cannot be used as a name", "Use letters, digits, dots, dashes and underscores");
            if (given.Length > 0 && !owners.TryAdd(given, shown))
                file.Fault("name", $"'{given}' is already the name of {owners[given]}", "Give each its own");
            entries.Add(new Entry<T>(file, value));
        }
        return entries;
    }

    private static IEnumerable<string> Find(string folder, string pattern)
    {
        if (!Directory.Exists(folder)) return [];
        var parts = pattern.Split('/');
        IEnumerable<string> folders = [folder];
        if (parts.Length == 2) folders = Directory.EnumerateDirectories(folder);
        return folders.SelectMany(f => Directory.EnumerateFiles(f, parts[^1])).Order(StringComparer.Ordinal);
    }

    private static T[] Sorted<T>(List<Entry<T>> entries, Func<T, string> name) =>
        [.. entries.Select(e => e.Value).OrderBy(name, StringComparer.Ordinal)];

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!;

    private static string FolderName(string path) => Path.GetFileName(FolderOf(path));

    private static string FileName(string path) => Path.GetFileNameWithoutExtension(path);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex SafeName();

    private sealed record Entry<T>(YamlMapping File, T Value);
}
