using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;

namespace ServeBench.OnnxServer.Runtime;

/// <summary>The sessions of a model and what runs on them: as many executions at once as the options say.</summary>
/// <typeparam name="T">Runs one execution at a time.</typeparam>
internal sealed class SessionRunners<T> : IDisposable
    where T : IDisposable
{
    private readonly List<InferenceSession> _sessions = [];
    private readonly List<T> _runners = [];

    /// <summary>One for each execution that may run at once.</summary>
    public IReadOnlyList<T> All => _runners;

    /// <param name="folder">The model's folder.</param>
    /// <param name="manifest">What is known of it.</param>
    /// <param name="inputs">The inputs whose shapes vary.</param>
    /// <param name="options">How many, and on what hardware.</param>
    /// <param name="logger">Is given failures.</param>
    /// <param name="make">Makes a runner; the session may have others.</param>
    /// <exception cref="RunFailedException">when the runtime cannot load the model.</exception>
    public static SessionRunners<T> Load(
        string folder, ModelManifest manifest, VaryingInputs inputs, ServerOptions options, ILogger logger, Func<InferenceSession, T> make)
    {
        var factory = new SessionFactory(options, logger);
        var loaded = new SessionRunners<T>();
        try
        {
            // With one thread each, executions run side by side in one session, and its weights are in memory once.
            var count = options.Threads == 1 ? 1 : options.Instances;
            for (var i = 0; i < count; i++) loaded._sessions.Add(factory.Load(folder, manifest, inputs));
            for (var i = 0; i < options.Instances; i++) loaded._runners.Add(make(loaded._sessions[i % count]));
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Runners go before their sessions.</summary>
    public void Dispose()
    {
        foreach (var runner in _runners) runner.Dispose();
        foreach (var session in _sessions) session.Dispose();
    }
}
