using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Serving;

/// <summary>What a request asked. Structures implement it, so that a request costs no allocation for it.</summary>
/// <typeparam name="T">The pipeline's requests.</typeparam>
internal interface IAsked<T>
    where T : ScheduledRequest
{
    /// <summary>The model asked for.</summary>
    ServedModel Model { get; }

    /// <summary>Queues a request with the model.</summary>
    /// <returns>False when there is no room for it.</returns>
    bool TryQueue(T request);
}
