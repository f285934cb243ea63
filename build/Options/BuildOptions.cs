using System.Globalization;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Stacks;
using ServeBench.Models.Onnx.Precisions;

namespace ServeBench.Build.Options;

/// <summary>The options with their types and defaults, every name checked against the catalogue.</summary>
public sealed record BuildOptions
{
    /// <summary>More deployments of each stack than anyone waits for; intervals have long been narrow enough by then.</summary>
    public const int MostTrials = 50;

    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Names given with <c>--model</c>; null when it was not given, and each workload's own models count.</summary>
    public required IReadOnlyList<string>? Models { get; init; }

    /// <summary>Names given with <c>--stack</c>; null for every stack that can run.</summary>
    public required IReadOnlyList<string>? Stacks { get; init; }

    /// <summary>Servers that run already.</summary>
    public EndpointOptions Endpoints { get; init; } = EndpointOptions.None;

    /// <summary>Tracks given with <c>--track</c>; null for every track that a stack has.</summary>
    public required IReadOnlyList<string>? Tracks { get; init; }

    public required IReadOnlyList<string>? Workloads { get; init; }

    public required IReadOnlyList<string>? Scenarios { get; init; }

    public required string Host { get; init; }

    public required string Driver { get; init; }

    /// <summary>The k6 program named; null for none.</summary>
    public required string? K6 { get; init; }

    /// <summary>The k6 image named; null for none.</summary>
    public required string? K6Image { get; init; }

    /// <summary>Whether k6 may use the network for itself.</summary>
    public required bool K6Online { get; init; }

    public required string Profile { get; init; }

    /// <summary>Null for the profile's number.</summary>
    public required int? Trials { get; init; }

    /// <summary>Whether to add trials until every comparison is decided.</summary>
    public bool UntilDecided { get; init; }

    /// <summary>How long that may take; null for as long as it needs.</summary>
    public TimeSpan? Budget { get; init; }

    public required string Weights { get; init; }

    /// <summary>Null draws one for each new run.</summary>
    public required long? Seed { get; init; }

    public required string Run { get; init; }

    /// <summary>Files that Import reads.</summary>
    public required IReadOnlyList<string> From { get; init; }

    /// <summary>What Import calls its case; null when it was not said.</summary>
    public required string? As { get; init; }

    /// <summary>Precisions that the Models task exports; null for every one.</summary>
    public required IReadOnlyList<string>? Precisions { get; init; }

    /// <summary>Whether the Models task explains what it has exported.</summary>
    public required bool Explain { get; init; }

    /// <summary>Whether List shows the stacks of all groups in tables.</summary>
    public required bool AllStacks { get; init; }

    public required bool Force { get; init; }

    /// <summary>Reuse every stored result of the same fingerprint (<c>--reuse=any</c>).</summary>
    public required bool ReuseAny { get; init; }

    public required bool Offline { get; init; }

    /// <summary>Whether servers may listen on every interface of this machine.</summary>
    public bool Yes { get; init; }

    /// <summary>Absolute path of the folder that runs are written to.</summary>
    public required string Out { get; init; }

    /// <summary>The options as given, for the command that repeats a run.</summary>
    public required IReadOnlyList<string> Given { get; init; }

    /// <summary>The command that repeats this for one group.</summary>
    public string Command(string group)
    {
        string[] unrepeatable = [KnownOptions.Group.Name, KnownOptions.Force.Name, KnownOptions.Reuse.Name, KnownOptions.Run.Name];
        var kept = Given.Where(a => !Array.Exists(unrepeatable, name => a == name || a.StartsWith(name + "=", StringComparison.Ordinal)));
        return string.Join(' ', ["./build.sh", "--target=Benchmark", $"{KnownOptions.Group.Name}={group}", .. kept]);
    }

    /// <summary>Reads the values; what is wrong with them is added to the faults, and a harmless value is used.</summary>
    public static BuildOptions Read(
        CommandLine line,
        Catalogue catalogue,
        IReadOnlyList<string> hosts,
        IReadOnlyList<string> drivers,
        string root,
        FaultList faults)
    {
        var groups = Names(line, KnownOptions.Group, catalogue.Groups, "group", faults) ?? catalogue.Groups;
        var workloads = catalogue.Workloads.Where(w => groups.Contains(w.Group)).ToArray();
        return new BuildOptions
        {
            Groups = groups,
            Given = line.OwnArguments,
            Models = Names(line, KnownOptions.Model, [.. catalogue.Models.Select(m => m.Name)], "model", faults)
                ?? (line.Has(KnownOptions.Model)
                    ? [.. catalogue.Models.Where(m => m.Groups.Any(groups.Contains)).Select(m => m.Name)]
                    : null),
            Stacks = Names(line, KnownOptions.Stack, [.. catalogue.Stacks.Select(s => s.Name)], "stack", faults),
            Endpoints = EndpointOptions.Read(line, catalogue, root, faults),
            Tracks = Names(line, KnownOptions.Track, Track.Names, "track", faults),
            Workloads = Names(line, KnownOptions.Workload, [.. workloads.Select(w => w.Name)], "workload", faults),
            Scenarios = Names(
                line,
                KnownOptions.Scenario,
                [.. workloads.SelectMany(w => w.Scenarios).Select(s => s.Name).Distinct()],
                "scenario",
                faults),
            Host = Name(line, KnownOptions.Host, hosts, hosts[0], faults),
            // Naming a k6 is asking for it.
            Driver = Name(
                line,
                KnownOptions.Driver,
                drivers,
                line.Has(KnownOptions.K6) || line.Has(KnownOptions.K6Image) ? "k6" : drivers[0],
                faults),
            K6 = K6Named(line, KnownOptions.K6, faults),
            K6Image = K6Named(line, KnownOptions.K6Image, faults),
            K6Online = line.IsOn(KnownOptions.K6Online),
            Profile = Name(line, KnownOptions.Profile, [.. catalogue.Profiles.Select(p => p.Name)], "quick", faults),
            Trials = line.Has(KnownOptions.Trials) ? (int)Number(line, KnownOptions.Trials, 1, MostTrials, 1, faults) : null,
            UntilDecided = line.Has(KnownOptions.Until)
                && Name(line, KnownOptions.Until, KnownOptions.Until.Values!, "decided", faults) == "decided",
            Budget = BudgetOf(line, faults),
            Weights = Name(line, KnownOptions.Weights, WeightsSource.All, WeightsSource.Auto, faults),
            Seed = line.Has(KnownOptions.Seed) ? Number(line, KnownOptions.Seed, 1, long.MaxValue, 1, faults) : null,
            Run = RunPlace.Of(line, root).Run,
            From = line.Value(KnownOptions.From)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            As = line.Value(KnownOptions.As),
            Precisions = line.Has(KnownOptions.Precision)
                ? Names(line, KnownOptions.Precision, KnownPrecisions.Names, "precision", faults)
                : [KnownPrecisions.Names[0]],
            Explain = line.IsOn(KnownOptions.Explain),
            AllStacks = line.IsOn(KnownOptions.AllStacks),
            Force = line.IsOn(KnownOptions.Force),
            ReuseAny = line.Has(KnownOptions.Reuse)
                && Name(line, KnownOptions.Reuse, KnownOptions.Reuse.Values!, "comparable", faults) == "any",
            Offline = line.IsOn(KnownOptions.Offline),
            Yes = line.IsOn(KnownOptions.Yes),
            Out = RunPlace.Of(line, root).Folder,
        };
    }

    /// <returns>The names given, or null when the option was not given or is <c>*</c>.</returns>
    private static string[]? Names(
        CommandLine line, OptionDefinition option, IReadOnlyCollection<string> known, string what, FaultList faults)
    {
        if (line.Value(option) is not { } text) return null;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (names.Length == 0) faults.Add(new Fault(option.Name, null, null, $"'{text}' names no {what}", $"For example {option.Example}"));
        foreach (var name in names.Where(n => n != "*" && !known.Contains(n)))
            faults.Add(new Fault(option.Name, null, null, $"no {what} is called '{name}'", NearestName.Remedy(name, known)));
        return names.Contains("*") ? null : [.. names.Where(known.Contains)];
    }

    private static string Name(
        CommandLine line, OptionDefinition option, IReadOnlyCollection<string> known, string otherwise, FaultList faults)
    {
        if (line.Value(option) is not { } name || known.Contains(name)) return line.Value(option) ?? otherwise;
        faults.Add(new Fault(option.Name, null, null, $"'{name}' is not known here", NearestName.Remedy(name, known)));
        return otherwise;
    }

    /// <summary>Naming a k6 while asking for the other driver, or two of them, is a contradiction.</summary>
    private static string? K6Named(CommandLine line, OptionDefinition option, FaultList faults)
    {
        if (line.Value(option) is not { } name) return null;
        if (line.Value(KnownOptions.Driver) == "native")
            faults.Add(new Fault(option.Name, null, null, "--driver=native uses no k6", "Leave one of the two out"));
        if (option == KnownOptions.K6Image && line.Has(KnownOptions.K6))
            faults.Add(new Fault(option.Name, null, null, "--k6 names another k6", "Leave one of the two out"));
        return name;
    }

    private static TimeSpan? BudgetOf(CommandLine line, FaultList faults)
    {
        if (line.Value(KnownOptions.Budget) is not { } text) return null;
        if (!line.Has(KnownOptions.Until))
            faults.Add(
                new Fault(
                    KnownOptions.Budget.Name,
                    null,
                    null,
                    "only a run that goes on until it is decided has a budget",
                    $"Add {KnownOptions.Until.Example}"));
        if (Domain.Yaml.DurationText.TryParse(text, out var budget) && budget > TimeSpan.Zero) return budget;
        faults.Add(new Fault(
            KnownOptions.Budget.Name, null, null, $"'{text}' is not a length of time", $"For example {KnownOptions.Budget.Example}"));
        return null;
    }

    private static long Number(CommandLine line, OptionDefinition option, long least, long most, long otherwise, FaultList faults)
    {
        if (line.Value(option) is not { } text) return otherwise;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        var range = most == long.MaxValue ? $"{least} or more" : $"from {least} to {most}";
        faults.Add(new Fault(option.Name, null, null, $"'{text}' is not a whole number, {range}", $"For example {option.Example}"));
        return otherwise;
    }
}
