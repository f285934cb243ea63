namespace ServeBench.OnnxServer.Configuration;

/// <summary>Everything that decides how the server works, checked.</summary>
internal sealed record ServerOptions
{
    public IReadOnlyList<ListenUrl> Urls { get; init; } = [new("127.0.0.1", 8080)];

    public required IReadOnlyList<ModelFolder> Models { get; init; }

    /// <summary>Threads that share one execution.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Executions that may run at once, for each model.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>True when runtime threads without work keep spinning.</summary>
    public bool Spin { get; init; }

    public BatchingMode Batching { get; init; } = BatchingMode.Dynamic;

    public GroupingMode Grouping { get; init; } = GroupingMode.Length;

    /// <summary>Texts in one execution.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Tokens in one execution, padding included.</summary>
    public int MaxBatchTokens { get; init; } = 1024;

    /// <summary>How long an execution may wait for more texts under load.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Texts that may wait, for each model.</summary>
    public int MaxQueue { get; init; } = 1024;

    /// <summary>Texts in one request.</summary>
    public int MaxItems { get; init; } = 2048;

    /// <summary>Bytes of one request's body.</summary>
    public int MaxBody { get; init; } = 8 << 20;

    /// <summary>True when texts that are too long are cut, false when they are refused.</summary>
    public bool Truncate { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>True for one JSON object a line, false for lines that people read.</summary>
    public bool LogsJson { get; init; }
}

/// <summary>How requests become executions.</summary>
internal enum BatchingMode
{
    /// <summary>Every request is its own execution, one after the other.</summary>
    None,

    /// <summary>Requests that wait share an execution.</summary>
    Dynamic,
}

/// <summary>Which waiting texts share an execution.</summary>
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
internal sealed record ModelFolder(string? Name, string Folder);
