namespace ServeBench.OnnxServer.Configuration;

/// <summary>Every option of the server, in the order in which help shows them.</summary>
internal static class ServerOptionList
{
    public static readonly ServerOption Urls = new(
        "urls",
        "URLS",
        "Where to listen, separated by semicolons; a port of 0 takes a free one. Default: http://127.0.0.1:8080.",
        "--urls=http://127.0.0.1:8080");

    public static readonly ServerOption Host = new(
        "host", "HOST", "In place of --urls: an IP address, localhost, or * for every address. Default: 127.0.0.1.", "--host=127.0.0.1");
    public static readonly ServerOption Port =
        new("port", "N", "In place of --urls: the port; 0 takes a free one. Default: 8080.", "--port=8080");

    public static readonly ServerOption GrpcPort = new(
        "grpc-port",
        "N",
        "Speak gRPC, too, on this port beside the others: 0 takes a free one, that of --port shares it. Default: no gRPC.",
        "--grpc-port=8081");

    public static readonly ServerOption Model = new(
        "model",
        "[NAME=]FOLDER",
        "A model folder that `./build.sh --target=Models` prepared, served under its own name or the one given, which may have a slash. "
            + "May be repeated.",
        "--model=artifacts/models/all-MiniLM-L6-v2/current")
    {
        IsList = true,
    };

    public static readonly ServerOption Threads = new(
        "threads",
        "N",
        "Threads that share one execution. Default: the processors that this process may use, divided by the instances.",
        "--threads=1");
    public static readonly ServerOption Instances =
        new("instances", "N", "Executions that may run at once, for each model. Default: 1.", "--instances=2");
    public static readonly ServerOption Spin = new(
        "spin",
        "WHEN",
        "Whether threads without work keep spinning: on or off. Quicker with cores to spare, slower without. Default: off.",
        "--spin=on");

    public static readonly ServerOption Provider =
        new("provider", "NAME", "What executes the model: cpu, cuda or tensorrt. Default: cpu.", "--provider=cuda");
    public static readonly ServerOption Device = new("device", "N", "Which accelerator. Default: 0.", "--device=1");
    public static readonly ServerOption Cache = new(
        "cache",
        "FOLDER",
        "Where models are kept as the runtime lays them out for this machine; the next start maps them into memory. Default: none.",
        "--cache=/var/cache/servebench");

    public static readonly ServerOption Batching = new(
        "batching",
        "HOW",
        "dynamic: requests that wait share an execution. none: every request is its own execution, one after the other. Default: dynamic.",
        "--batching=none");
    public static readonly ServerOption Grouping = new(
        "grouping",
        "HOW",
        "Which waiting items share an execution. length: those of similar cost (texts of similar length), so that little is padded. "
            + "arrival: those that came first. Default: length.",
        "--grouping=arrival");
    public static readonly ServerOption MaxBatch = new("max-batch", "N", "Items (texts) in one execution. Default: 32.", "--max-batch=64");
    public static readonly ServerOption MaxBatchTokens = new(
        "max-batch-tokens",
        "N",
        "Cost of one execution (tokens of texts), padding included; an item of greater cost is executed alone. Default: 1024.",
        "--max-batch-tokens=4096");
    public static readonly ServerOption MaxDelay = new(
        "max-delay",
        "TIME",
        "How long an execution may wait for more items under load; it never waits when the server is idle. Default: 0s.",
        "--max-delay=2ms");
    public static readonly ServerOption MaxSequences = new(
        "max-sequences",
        "N",
        "Sequences that are generated at once, a token of each in every step; "
            + "1: one after the other, as with --batching=none. Default: 16.",
        "--max-sequences=8");
    public static readonly ServerOption MaxContext = new(
        "max-context",
        "N",
        "Tokens of one sequence, those of its prompt included. Default: as many as the model has positions.",
        "--max-context=512");
    public static readonly ServerOption CacheMemory = new(
        "cache-memory",
        "MIB",
        "The most memory that keys and values of all sequences may take; a server that would need more does not start. Default: 2048.",
        "--cache-memory=1024");
    public static readonly ServerOption PromptPart = new(
        "prompt-part",
        "N",
        "Tokens of a prompt that are read between two steps of the sequences that are being generated. Default: 128.",
        "--prompt-part=64");
    public static readonly ServerOption MaxQueue = new(
        "max-queue",
        "N",
        "Items that may wait, for each model; requests beyond are refused with status 429. Default: 1024.",
        "--max-queue=4096");
    public static readonly ServerOption MaxWait = new(
        "max-wait",
        "TIME",
        "A request is refused with status 429 when what waits before it is expected to take longer. "
            + "Default: 5s; where sequences are generated, which takes that long each, the same as --timeout.",
        "--max-wait=500ms");
    public static readonly ServerOption Timeout = new(
        "timeout",
        "TIME",
        "A request that is not executed this long after its arrival ends with status 504; "
            + "the header X-Request-Timeout says otherwise for one request. Default: 60s.",
        "--timeout=10s");

    public static readonly ServerOption MaxItems = new("max-items", "N", "Items in one request. Default: 2048.", "--max-items=256");
    public static readonly ServerOption MaxPixels =
        new("max-pixels", "N", "Pixels of one image; larger ones are not decoded. Default: 33554432.", "--max-pixels=16777216");
    public static readonly ServerOption MaxBody =
        new("max-body", "BYTES", "Bytes of one request's body. Default: 8388608.", "--max-body=1048576");
    public static readonly ServerOption MaxConnections =
        new("max-connections", "N", "Connections at once; more are closed. Default: 10000.", "--max-connections=1000");
    public static readonly ServerOption ReadTimeout = new(
        "read-timeout",
        "TIME",
        "How long a client may take to send the head of a request, and to begin one on a new connection; "
            + "a body must come at 240 bytes a second on average after that time. Default: 10s.",
        "--read-timeout=5s");
    public static readonly ServerOption DrainTime = new(
        "drain-time",
        "TIME",
        "After SIGTERM: how long requests are still taken while readiness is false, so that load balancers notice. Default: 0s.",
        "--drain-time=5s");
    public static readonly ServerOption StopTime =
        new("stop-time", "TIME", "After that: how long requests that were taken may still run. Default: 30s.", "--stop-time=60s");
    public static readonly ServerOption LongInputs = new(
        "long-inputs",
        "HOW",
        "What happens to texts of more tokens than the model takes: refuse or truncate. Default: refuse.",
        "--long-inputs=truncate");

    public static readonly ServerOption LogLevel = new(
        "log-level",
        "LEVEL",
        "The least that is logged: debug, information, warning, error or none. Default: information.",
        "--log-level=warning");
    public static readonly ServerOption LogFormat =
        new("log-format", "HOW", "text: one line for people. json: one object a line for machines. Default: text.", "--log-format=json");

    public static readonly ServerOption Traces = new(
        "traces",
        "URL",
        "Where traces are sent, by OTLP over HTTP. Default: none are made.",
        "--traces=http://127.0.0.1:4318/v1/traces");

    public static readonly ServerOption Config = new(
        "config",
        "FILE",
        "A JSON file with options under the key Server. Default: appsettings.json in the working directory, where there is one.",
        "--config=/etc/servebench.json");
    public static readonly ServerOption PrintConfig =
        new("print-config", null, "Show every option with its value and where it comes from, and end.", "--print-config");
    public static readonly ServerOption Help = new("help", null, "Show this and end.", "--help");
    public static readonly ServerOption Version = new("version", null, "Show the version and end.", "--version");

    public static IReadOnlyList<ServerOption> All { get; } =
    [
        Urls, Host, Port, GrpcPort, Model, Threads, Instances, Spin, Provider, Device, Cache,
        Batching, Grouping, MaxBatch, MaxBatchTokens, MaxDelay, MaxSequences, MaxContext, CacheMemory, PromptPart,
        MaxQueue, MaxWait, Timeout, MaxItems, MaxPixels, MaxBody, MaxConnections, ReadTimeout, LongInputs, DrainTime, StopTime,
        LogLevel, LogFormat, Traces, Config, PrintConfig, Help, Version,
    ];

    /// <summary>Options that say something about the command line itself, and mean nothing anywhere else.</summary>
    public static bool IsForCommandLineOnly(ServerOption option) => option.IsSwitch || option == Config;
}
