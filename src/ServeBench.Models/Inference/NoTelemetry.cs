using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeBench.Models.Inference;

/// <summary>
/// Keeps ONNX Runtime's native library from reporting its use over the network, from threads that would run on measured
/// cores. The library looks at the environment of the C runtime when it is loaded, which .NET's own environment variables
/// do not reach; this runs before anything of this assembly does, and this assembly is what creates sessions.
/// </summary>
internal static partial class NoTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Whichever program loads this library, the variable must be set before the "
        + "native one is.")]
    internal static void Say()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows()) _ = SetVariable(Variable, "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
