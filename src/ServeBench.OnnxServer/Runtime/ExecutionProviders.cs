using Microsoft.ML.OnnxRuntime;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Configuration;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ServeBench.OnnxServer.Runtime;

/// <summary>Adds the hardware that executions run on to a session's options.</summary>
internal static class ExecutionProviders
{
    private const string Remedy =
        "Put the libraries of ONNX Runtime's GPU build (libonnxruntime.so, libonnxruntime_providers_*.so) beside this program, with CUDA"
        + " and, for TensorRT, its libraries on the loader's path; or choose --provider=cpu";

    /// <summary>The name that ONNX Runtime gives a provider.</summary>
    public static string RuntimeName(Provider provider) => provider switch
    {
        Provider.Cuda => "CUDAExecutionProvider",
        Provider.TensorRt => "TensorrtExecutionProvider",
        _ => "CPUExecutionProvider",
    };

    /// <summary>Adds the provider that was chosen; what it cannot execute falls back to the next best.</summary>
    /// <exception cref="RunFailedException">when this build of ONNX Runtime or this machine cannot do it.</exception>
    public static void Add(SessionOptions session, ServerOptions options, VaryingInputs inputs)
    {
        if (options.Provider == Provider.Cpu) return;
        var name = RuntimeName(options.Provider);
        var available = OrtEnv.Instance().GetAvailableProviders();
        if (!available.Contains(name))
            throw new RunFailedException(
                $"The ONNX Runtime library that is installed has no {name}; it has {string.Join(", ", available)}", Remedy);
        try
        {
            if (options.Provider == Provider.TensorRt) AddTensorRt(session, options, inputs);
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = $"{options.Device}" });
            session.AppendExecutionProvider_CUDA(cuda);
        }
        catch (OnnxRuntimeException e)
        {
            throw new RunFailedException($"{name} cannot be used on device {options.Device}: {e.Message}", Remedy, e);
        }
    }

    /// <summary>Engines are built for the whole range of shapes at once, not again for every shape that comes.</summary>
    private static void AddTensorRt(SessionOptions session, ServerOptions options, VaryingInputs inputs)
    {
        string Shapes(int batch, IReadOnlyList<int> sizes) =>
            string.Join(',', inputs.Names.Select(name => $"{name}:{string.Join('x', sizes.Prepend(batch))}"));
        using var tensorRt = new OrtTensorRTProviderOptions();
        tensorRt.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = $"{options.Device}",
            ["trt_profile_min_shapes"] = Shapes(1, inputs.Least),
            ["trt_profile_opt_shapes"] = Shapes(Math.Max(1, options.MaxBatch / 2), inputs.Usual),
            ["trt_profile_max_shapes"] = Shapes(options.MaxBatch, inputs.Most),
            ["trt_engine_cache_enable"] = options.Cache is null ? "0" : "1",
            ["trt_engine_cache_path"] = options.Cache ?? "",
        });
        session.AppendExecutionProvider_Tensorrt(tensorRt);
    }
}
