using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Yaml;

namespace ServeBench.Load.Tests.Answers;

/// <summary>
/// What was recorded of a real server, with the rules for it and what is known of each line. The rules are those of the server's own stack
/// where it has a folder here. The recordings are no part of this repository: they are looked for in the folder that the variable
/// <c>SERVEBENCH_REFERENCE_DATA</c> names, or in a folder <c>shared/data</c> beside the checkout or above it.
/// </summary>
internal sealed partial class Recording
{
    /// <summary>Lines that are not one HTTP answer to one request.</summary>
    public static IReadOnlyList<string> NotAnswers { get; } = ["no-answer", "not-http", "no-exchange"];

    private static readonly string[] Groups =
        ["client-fault", "rejected", "timeout", "failed", "not-ready", "unread", "unstated", .. NotAnswers];

    private readonly Dictionary<int, string> _stated = [];

    private Recording(string name, IReadOnlyList<OutcomeRule> rules, ReadyCondition ready, IReadOnlyList<JsonElement> lines)
    {
        Name = name;
        Rules = rules;
        Ready = ready;
        Lines = lines;
    }

    public string Name { get; }

    public IReadOnlyList<OutcomeRule> Rules { get; }

    public ReadyCondition Ready { get; }

    public IReadOnlyList<JsonElement> Lines { get; }

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(Root, "tests", "ServeBench.Load.Tests", "Answers", "Recordings");

    private static string Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root!.FullName, "ServeBench.slnx"))) root = root.Parent;
            return root.FullName;
        }
    }

    /// <summary>Reads a server's recording; the test that asks is skipped where there is none.</summary>
    public static Recording Read(string name)
    {
        var faults = new FaultList();
        var file = YamlFile.Read(Path.Combine(Folder, $"{name}.yaml"), $"{name}.yaml", faults)!;
        var stack = StackOf(name) is { } path ? YamlFile.Read(path, path, faults)! : file;
        var recording = new Recording(name, OutcomeRuleReader.Read(stack), LifecycleReader.Read(stack, []).Ready, Exchanges(name));
        var stated = file.Mapping("stated");
        foreach (var group in Groups)
            foreach (var line in Numbers($"{stated.Node(group)}")) Assert.True(recording._stated.TryAdd(line, group), $"{name}:{line}");
        stated.Done();
        file.Done();
        faults.ThrowIfAny();
        Assert.InRange(recording._stated.Keys.DefaultIfEmpty(1).Max(), 1, recording.Lines.Count);
        return recording;
    }

    /// <summary>The stack.yaml of the server's own stack; null where there is none.</summary>
    public static string? StackOf(string name)
    {
        var path = Path.Combine(Root, "src", "stacks", name, "stack.yaml");
        return File.Exists(path) ? path : null;
    }

    /// <summary>What facts.md says of a line, from 1; a success where it says nothing else.</summary>
    public string Stated(int line) => _stated.GetValueOrDefault(line, "success");

    public static IReadOnlyList<JsonElement> Exchanges(string name)
    {
        const string Variable = "SERVEBENCH_REFERENCE_DATA";
        var place = Path.Combine("recordings", name, "exchanges.jsonl");
        var file = Places(Variable).Select(folder => Path.Combine(folder, place)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, $"{place} is neither in the folder that {Variable} names nor in a folder shared/data beside the checkout");
        return [.. File.ReadLines(file!).Select(l => JsonElement.Parse(l))];
    }

    private static IEnumerable<string> Places(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given) yield return given;
        for (var folder = new DirectoryInfo(Folder); folder is not null; folder = folder.Parent) yield return Path.Combine(folder.FullName, "shared", "data");
    }

    private static IEnumerable<int> Numbers(string ranges) =>
        from Match range in Range().Matches(ranges)
        let first = int.Parse(range.Groups[1].Value)
        let last = range.Groups[2].Success ? int.Parse(range.Groups[2].Value) : first
        from number in Enumerable.Range(first, last - first + 1)
        select number;

    [GeneratedRegex(@"(\d+)(?:-(\d+))?")]
    private static partial Regex Range();
}
