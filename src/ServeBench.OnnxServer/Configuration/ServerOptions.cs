namespace ServeBench.OnnxServer.Configuration;

/// <summary>Everything that decides how the server works, checked.</summary>
internal sealed record ServerOptions
{
    /// <summary>The longest deadline, whether the server or a request names it.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public IReadOnlyList<ListenUrl> Urls { get; init; } = [new("127.0.0.1", 8080)];

    /// <summary>A port of its own for gRPC, on the first address; 0 for a free one; null where gRPC is not spoken.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Every address that is listened on.</summary>
    public IReadOnlyList<ListenUrl> AllUrls =>
        GrpcPort is { } port && (port == 0 || Urls.All(u => u.Port != port)) ? [.. Urls, Urls[0] with { Port = port }] : Urls;

    public required IReadOnlyList<ModelFolder> Models { get; init; }

    /// <summary>Threads that share one execution.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Executions that may run at once, for each model.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>True when runtime threads without work keep spinning.</summary>
    public bool Spin { get; init; }

    public Provider Provider { get; init; } = Provider.Cpu;

    /// <summary>Which accelerator.</summary>
    public int Device { get; init; }

    /// <summary>The folder where models are kept as the runtime lays them out; null for none.</summary>
    public string? Cache { get; init; }

    public BatchingMode Batching { get; init; } = BatchingMode.Dynamic;

    public GroupingMode Grouping { get; init; } = GroupingMode.Length;

    /// <summary>Items in one execution.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Cost of one execution in the pipeline's unit (tokens), padding included.</summary>
    public int MaxBatchTokens { get; init; } = 1024;

    /// <summary>How long an execution may wait for more items under load.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Items that may wait, for each model.</summary>
    public int MaxQueue { get; init; } = 1024;

    /// <summary>Sequences that are generated at once, where batching is not off.</summary>
    public int MaxSequences { get; init; } = 16;

    /// <summary>Tokens of one sequence; null for as many as the model has positions.</summary>
    public int? MaxContext { get; init; }

    /// <summary>MiB that keys and values of all sequences may take.</summary>
    public int CacheMemory { get; init; } = 2048;

    /// <summary>Tokens of a prompt that are read between two steps.</summary>
    public int PromptPart { get; init; } = 128;

    /// <summary>
    /// A request is refused when what waits before it is expected to take longer; null for what its kind of work is used to.
    /// </summary>
    public TimeSpan? MaxWait { get; init; }

    /// <summary>How long after its arrival a request may begin to be executed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Items in one request.</summary>
    public int MaxItems { get; init; } = 2048;

    /// <summary>Pixels of one image.</summary>
    public int MaxPixels { get; init; } = 1 << 25;

    /// <summary>Bytes of one request's body.</summary>
    public int MaxBody { get; init; } = 8 << 20;

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>How long a client may take to send the head of a request.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests are still taken after SIGTERM.</summary>
    public TimeSpan DrainTime { get; init; }

    /// <summary>How long requests that were taken may still run after that.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True when texts that are too long are cut, false when they are refused.</summary>
    public bool Truncate { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>True for one JSON object a line, false for lines that people read.</summary>
    public bool LogsJson { get; init; }

    /// <summary>Where traces are sent; null when none are made.</summary>
    public Uri? Traces { get; init; }
}

/// <summary>What executes a model.</summary>
internal enum Provider
{
    Cpu,
    Cuda,
    TensorRt,
}

/// <summary>How requests become executions.</summary>
internal enum BatchingMode
{
    /// <summary>Every request is its own execution, one after the other.</summary>
    None,

    /// <summary>Requests that wait share an execution.</summary>
    Dynamic,
}

/// <summary>Which waiting items share an execution.</summary>
internal enum GroupingMode
{
    /// <summary>Those of similar length.</summary>
    Length,

    /// <summary>Those that came first.</summary>
    Arrival,
}

/// <param name="Host">An address, <c>localhost</c>, or <c>*</c> for every address of the machine.</param>
/// <param name="Port">0 for a free one.</param>
internal sealed record ListenUrl(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"http://[{Host}]:{Port}" : $"http://{Host}:{Port}";
}

/// <param name="Name">The name to serve it under; null for its own.</param>
/// <param name="Folder">Where it lies.</param>
internal sealed record ModelFolder(string? Name, string Folder)
{
    public override string ToString() => Name is null ? Folder : $"{Name}={Folder}";
}
