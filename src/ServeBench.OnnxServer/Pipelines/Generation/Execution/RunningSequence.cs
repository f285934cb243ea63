namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>A sequence that holds a slot, and whose it is. An object for each slot, used again and again.</summary>
internal sealed class RunningSequence
{
    public GenerationRequest Request { get; private set; } = null!;

    public GeneratedSequence Sequence { get; private set; } = null!;

    /// <summary>Tokens that its slot holds.</summary>
    public int Past { get; set; }

    /// <summary>When its last token came; 0 while there was none.</summary>
    public long LastAt { get; set; }

    public void Begin(GenerationRequest request, GeneratedSequence sequence)
    {
        (Request, Sequence) = (request, sequence);
        (Past, LastAt) = (0, 0);
    }

    /// <summary>Lets go of the request, so that it can be pooled or collected.</summary>
    public void End() => (Request, Sequence) = (null!, null!);
}
