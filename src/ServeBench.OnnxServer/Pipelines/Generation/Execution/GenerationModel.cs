using System.Diagnostics;
using ServeBench.Domain.Faults;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers.ByteLevel;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Runtime;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>A model that continues texts.</summary>
internal sealed class GenerationModel : ServedModel
{
    /// <summary>What is continued, by the name that Triton's backends for language models have for it, as for the others.</summary>
    public static readonly ManifestTensor Text = new("text_input", "string", ["1"]);

    /// <summary>How, as a JSON object of the members of OpenAI's interface.</summary>
    public static readonly ManifestTensor Sampling = new("sampling_parameters", "string", ["1"]);

    /// <summary>Whether the answers of a stream are tokens.</summary>
    public static readonly ManifestTensor Streams = new("stream", "bool", ["1"]);

    /// <summary>What was generated.</summary>
    public static readonly ManifestTensor Output = new("text_output", "string", ["1"]);

    private readonly IDisposable _owned;
    private readonly GenerationLoop _loop;
    private readonly GenerationCost _cost;

    /// <param name="name">What clients call it.</param>
    /// <param name="manifest">What is known of it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="slots">Executes it; is warmed here.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">The clock, the one that requests are stamped with.</param>
    /// <param name="logger">Is given failures.</param>
    /// <param name="owned">What is disposed of with the model, the slots included.</param>
    public GenerationModel(
        string name,
        GenerationManifest manifest,
        ByteLevelTokenizer tokenizer,
        ISlotModel slots,
        ServerOptions options,
        TimeProvider time,
        ILogger logger,
        IDisposable owned)
        : base(name, Served(manifest))
    {
        (Own, Tokenizer, _owned) = (manifest, tokenizer, owned);
        (Slots, Capacity) = (slots.Slots, slots.Capacity);
        Together = $"steps of up to {Slots} sequences of {Capacity} tokens, prompts in parts of {options.PromptPart}";
        _cost = GenerationCost.Measure(slots, manifest.Tokenizer.End, options.PromptPart);
        var pace = new ServicePace(_cost.SecondsPerToken, workers: 1);
        // First come, first served, and one at a time, since slots are freed one at a time.
        Queue = new WorkQueue(
            new InArrivalOrder(maximumItems: 1, int.MaxValue),
            new QueueLimits(options.MaxQueue, options.MaxWait ?? options.Timeout, TimeSpan.Zero),
            pace,
            time);
        _loop = new GenerationLoop(name, slots, Queue, options.PromptPart, _cost, pace, Metrics, Counts, time, logger);
    }

    /// <summary>What is known of it beside what is known of every model.</summary>
    public GenerationManifest Own { get; }

    public ByteLevelTokenizer Tokenizer { get; }

    /// <summary>Sequences that are generated at once.</summary>
    public int Slots { get; }

    /// <summary>The most tokens of a sequence, its prompt's included.</summary>
    public int Capacity { get; }

    public GenerationMetrics Counts { get; } = new();

    public override string Together { get; }

    public override WorkQueue Queue { get; }

    /// <summary>Loads and warms a model.</summary>
    /// <exception cref="RunFailedException">when its folder is not whole, or it cannot be loaded within the limits.</exception>
    public static GenerationModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger)
    {
        var began = Stopwatch.GetTimestamp();
        var manifest = GenerationManifest.Read(folder.Folder);
        // The tokenizer and the session are independent of each other, and both take their time.
        var reading = Task.Run(() => ByteLevelTokenizer.Load(folder.Folder));
        var factory = new SessionFactory(options, logger);
        var slots = DecoderSlots.Load(
            manifest,
            options,
            () => DecoderSession.Of(
                factory.Load(folder.Folder, manifest, new VaryingInputs([], [], [], [])), manifest, factory.Describe()));
        try
        {
            return new GenerationModel(
                folder.Name ?? manifest.Model, manifest, reading.GetAwaiter().GetResult(), slots, options, time, logger, slots)
            {
                LoadTime = Stopwatch.GetElapsedTime(began)
            };
        }
        catch
        {
            slots.Dispose();
            throw;
        }
    }

    /// <summary>Adds a prompt to a request.</summary>
    /// <param name="prompt">Token ids, fewer than <see cref="Capacity"/> and at least one.</param>
    public void Add(GenerationRequest request, int[] prompt, in GenerationSettings settings)
    {
        var room = Capacity - prompt.Length;
        var most = Math.Min(settings.MaxTokens ?? room, room);
        request.Add(
            new GeneratedSequence(prompt, most, settings, Tokenizer, Own.Tokenizer.End), _cost.Of(prompt.Length, most));
    }

    /// <summary>Gives up what waits and what is being generated, and unloads the model.</summary>
    public override void Dispose()
    {
        _loop.Dispose();
        _owned.Dispose();
    }

    /// <summary>The model as clients see it: a text in, a text out.</summary>
    private static GenerationManifest Served(GenerationManifest manifest) =>
        manifest with { Inputs = [Text, Sampling, Streams], Outputs = [Output] };
}
