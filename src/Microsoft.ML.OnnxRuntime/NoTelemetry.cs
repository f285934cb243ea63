using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeBench.OnnxRuntime
{
    /// <summary>
    /// Keeps ONNX Runtime's native library from reporting its use over the network, from threads that would run on measured
    /// cores. The library looks at the environment of the C runtime when it is loaded, which .NET's own environment variables
    /// do not reach; this runs before anything of this assembly does.
    /// </summary>
    internal static class NoTelemetry
    {
        private const string Variable = "ORT_DISABLE_TELEMETRY";

        [ModuleInitializer]
        internal static void Say()
        {
            System.Environment.SetEnvironmentVariable(Variable, "1");
            if (!System.OperatingSystem.IsWindows()) _ = setenv(Variable, "1", 1);
        }

        [DllImport("libc", BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern int setenv([MarshalAs(UnmanagedType.LPStr)] string name, [MarshalAs(UnmanagedType.LPStr)] string value, int overwrite);
    }
}
