namespace ServeBench.NullServer.Serving;

/// <summary>Serves the connections of one listening socket.</summary>
internal interface IServing : IDisposable
{
    /// <summary>Serves until <see cref="Stop"/>.</summary>
    void Run();

    /// <summary>From any thread.</summary>
    void Stop();
}
