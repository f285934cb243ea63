using System.Runtime.CompilerServices;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Tests;

/// <summary>Sessions of these tests drive fakes: they take a lock of this process, so that a real measurement beside them is no obstacle.</summary>
internal static class OwnLock
{
    [ModuleInitializer]
    internal static void Use() => MachineLock.Default = Path.Combine(Path.GetTempPath(), $"servebench-tests-{Environment.ProcessId}.lock");
}
