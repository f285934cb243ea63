namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>How the sequences of a request are continued.</summary>
internal readonly record struct GenerationSettings()
{
    /// <summary>The most stop strings of a request.</summary>
    public const int MostStops = 4;

    /// <summary>The longest of them: each is looked for at every token, by the thread that serves all.</summary>
    public const int LongestStop = 256;

    /// <summary>The most tokens that are generated; null for as many as there is room for.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 for the token with the highest logit; else logits are divided by it, and the token is drawn.</summary>
    public double Temperature { get; init; }

    /// <summary>Tokens are drawn out of the most probable ones that have this probability together.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>What the drawing begins with; null for something new each time.</summary>
    public long? Seed { get; init; }

    /// <summary>A text ends at the first of these.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>True when a text ends with the token that completes a stop string, false when it ends before the string.</summary>
    public bool KeepsStop { get; init; }

    /// <summary>True when the token that ends texts ends none.</summary>
    public bool IgnoresEnd { get; init; }

    /// <summary>True when the logarithm of each token's probability is wanted.</summary>
    public bool WantsLogprobs { get; init; }
}
