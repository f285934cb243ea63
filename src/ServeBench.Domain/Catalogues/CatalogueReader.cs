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
        var models = Files(
            folders.Models,
            "*/model.yaml",
            faults,
            folders,
            (f, path) => ModelCardReader.Read(f, FolderOf(path), vocabulary.Architectures),
            m => m.Name,
            FolderName);
        var stacks = Files(
            folders.Stacks,
            "*/stack.yaml",
            faults,
            folders,
            (f, path) => StackReader.Read(f, FolderOf(path), vocabulary),
            s => s.Name,
            FolderName);
        var protocols = Files(
            folders.Protocols,
            "*.yaml",
            faults,
            folders,
            f => ProtocolReader.Read(f, vocabulary.Payloads, vocabulary.WireFormats),
            p => p.Name,
            FileName);
        var workloads = Files(
            folders.Workloads,
            "*/*.yaml",
            faults,
            folders,
            (f, path) => WorkloadReader.Read(f, path, FolderName(path), names, vocabulary),
            w => w.Name,
            FileName);

        CheckReferences(faults, folders, models, stacks, protocols, workloads);
        CheckLimits(models, workloads, vocabulary.Payloads);
        faults.ThrowIfAny();
        return new Catalogue(folders, Sorted(models, m => m.Name), Sorted(stacks, s => s.Name), Sorted(protocols, p => p.Name),
            Sorted(workloads, w => w.Name), Sorted(profiles, p => p.Name));
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
            Protocol[] spoken = [.. protocols.Select(p => p.Value).Where(p => stack.Protocols.Contains(p.Name))];
            if (stack.OutcomeRules.Any(r => r.Event is not null) && spoken.Length > 0 && !spoken.Any(p => p.Wire.HasTextEvents))
                file.Fault(
                    "outcomes",
                    $"a rule is for events, and no answer over {string.Join(", ", stack.Protocols)} has events of text",
                    "Leave the rule out, or say what the status of such an answer means");
        }
        foreach (var (file, model) in models) Known(file, "groups", model.Groups, groups, "group");
        foreach (var (file, workload) in workloads)
        {
            Known(file, "protocols", workload.Protocols, protocolNames, "protocol");
            Known(file, "models", workload.Models, modelNames, "model");
            foreach (var name in workload.Protocols)
            {
                if (protocols.Find(p => p.Value.Name == name)?.Value is { } protocol
                    && workload.Payload.Kind.Length > 0
                    && protocol.Payload != workload.Payload.Kind)
                    file.Fault("protocols", $"{name} carries {protocol.Payload} payloads, this workload's are {workload.Payload.Kind}");
            }
            var lacking = workload.Payload.Files.Where(d => !File.Exists(Path.Combine(folders.Data, d)))
                .Concat(workload.Payload.FilesOrFolders.Where(d => !Path.Exists(Path.Combine(folders.Data, d))));
            foreach (var data in lacking.Where(d => d.Length > 0))
                file.Fault("payload", $"there is no file {folders.Shown(Path.Combine(folders.Data, data))}", "Name one that lies there");
        }
        if (workloads.Count == 0 && faults.Count == 0)
            faults.Add(new Fault(folders.Shown(folders.Workloads), null, null, "no workload was found", "Is this the repository's root?"));
    }

    /// <summary>A model answers to the limits of the work that its groups do, which their workloads say.</summary>
    private static void CheckLimits(List<Entry<ModelCard>> models, List<Entry<Workload>> workloads, IReadOnlyList<IPayloadKind> payloads)
    {
        foreach (var group in workloads.GroupBy(w => w.Value.Group))
        {
            foreach (var (file, workload) in group.Where(
                w => w.Value.Payload.Kind.Length > 0 && w.Value.Payload.Kind != group.First().Value.Payload.Kind))
                file.Fault(
                    "payload",
                    $"its kind is {workload.Payload.Kind}, and other workloads of group {group.Key} are of kind "
                        + $"{group.First().Value.Payload.Kind}",
                    "Give each kind of work a group of its own");
        }
        foreach (var (file, model) in models)
        {
            var kinds = workloads.Where(w => model.Groups.Contains(w.Value.Group)).Select(w => w.Value.Payload.Kind).ToHashSet();
            LimitKey[] keys = [.. payloads.Where(p => kinds.Contains(p.Name)).SelectMany(p => p.Limits)];
            if (keys.Length > 0 && file.OptionalMapping("parity") is { } section)
                ParityLimitsReader.Check(section, keys, Precisions.Lesser);
        }
    }

    private static void Known(YamlMapping file, string key, IReadOnlyList<string> used, string[] known, string what)
    {
        foreach (var name in used.Where(n => n.Length > 0 && !known.Contains(n)))
            file.Fault(key, $"no {what} is called '{name}'", NearestName.Remedy(name, known));
        foreach (var twice in used.GroupBy(n => n).Where(g => g.Count() > 1))
            file.Fault(key, $"'{twice.Key}' is given twice");
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
