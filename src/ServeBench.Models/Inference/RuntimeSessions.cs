using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;

namespace ServeBench.Models.Inference;

/// <summary>ONNX Runtime sessions, whatever the model does.</summary>
public static class RuntimeSessions
{
    /// <param name="file">Path of the .onnx file.</param>
    /// <param name="settings">How it is to run.</param>
    /// <exception cref="RunFailedException">when the runtime cannot load it.</exception>
    public static InferenceSession Load(string file, SessionSettings settings)
    {
        using var options = CreateOptions(settings);
        try
        {
            return new InferenceSession(file, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new RunFailedException(
                $"ONNX Runtime cannot load {file}: {e.Message}", "Delete the folder and prepare the model again", e);
        }
    }

    /// <summary>The runtime with its version and settings, for reports.</summary>
    public static string Described(SessionSettings settings) => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {settings}";

    /// <summary>The runtime's options for some settings, for programs that bind inputs and outputs themselves.</summary>
    public static SessionOptions CreateOptions(SessionSettings settings)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = settings.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = settings.Optimisation switch
            {
                GraphOptimisation.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimisation.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimisation.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
            EnableCpuMemArena = settings.MemoryArena,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", settings.Spin ? "1" : "0");
        // Without VNNI, products of int8 weights saturate and the answers are wrong; the runtime can avoid that (docs/decisions/0136).
        options.AddSessionConfigEntry("session.x64quantprecision", "1");
        if (!settings.FuseSkips) options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "SkipLayerNormFusion");
        if (settings.OptimisedModelFile is { } file) options.OptimizedModelFilePath = file;
        return options;
    }
}
