using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Logs;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ServeBench.OnnxServer.Runtime;

/// <summary>Loads models into ONNX Runtime as the options say.</summary>
internal sealed class SessionFactory(ServerOptions options, ILogger logger)
{
    /// <param name="inputs">The inputs whose shapes vary.</param>
    /// <exception cref="RunFailedException">when the runtime cannot load the model, or the chosen hardware is not there.</exception>
    public InferenceSession Load(string folder, ModelManifest manifest, VaryingInputs inputs)
    {
        var settings = Settings();
        // Only the CPU's own layout can be kept; accelerators keep theirs themselves.
        var cache = options is { Cache: { } root, Provider: Provider.Cpu } ? new SessionCache(root) : null;
        using var session = RuntimeSessions.CreateOptions(settings);
        ExecutionProviders.Add(session, options, inputs);
        var original = Path.Combine(folder, manifest.OnnxFile);
        if (cache is null) return Load(original, session);
        try
        {
            if (cache.Find(manifest, settings) is { } laidOut) return Load(laidOut, session);
            return cache.Fill(manifest, settings, session, () => Load(original, session));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The cache only saves time.
            logger.NoCache(e, options.Cache!);
            using var plain = RuntimeSessions.CreateOptions(settings);
            return Load(original, plain);
        }
    }

    /// <summary>The runtime, where it executes, and its settings, in one line.</summary>
    public string Describe() =>
        $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {ExecutionProviders.RuntimeName(options.Provider)}, {Settings()}";

    private SessionSettings Settings() => new()
    {
        IntraOpThreads = options.Threads,
        Spin = options.Spin,
        FuseSkips = options.Provider != Provider.Cpu,
    };

    private static InferenceSession Load(string file, SessionOptions session)
    {
        try
        {
            return new InferenceSession(file, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new RunFailedException(
                $"ONNX Runtime cannot load {file}: {e.Message}", "Delete its folder and prepare the model again", e);
        }
    }
}
