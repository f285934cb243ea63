using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>A model that remembers some sequences, each in a slot. Belongs to one thread.</summary>
internal interface ISlotModel
{
    /// <summary>Sequences that there is room for.</summary>
    int Slots { get; }

    /// <summary>Tokens that each may have.</summary>
    int Capacity { get; }

    /// <summary>Adds tokens to one slot.</summary>
    /// <param name="slot">Which.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="past">Tokens that it holds already.</param>
    /// <param name="asks">True for the logits after the last of them, in row 0.</param>
    /// <exception cref="RunFailedException">when the runtime reports a failure.</exception>
    void Part(int slot, ReadOnlySpan<int> tokens, int past, bool asks);

    /// <summary>Adds one token to each of the first slots, and gives the logits after each.</summary>
    /// <inheritdoc cref="Part"/>
    void Step(ReadOnlySpan<int> tokens, ReadOnlySpan<int> past);

    /// <summary>Logits of the last call, [vocabulary]; may be overwritten.</summary>
    Span<float> Logits(int row);

    /// <summary>Copies what a slot holds into another.</summary>
    /// <param name="tokens">How many tokens of it.</param>
    void Copy(int from, int into, int tokens);
}
