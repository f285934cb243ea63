using System.Runtime.InteropServices;

namespace ServeBench.Platform.Linux;

/// <summary>A system call that the loop cannot go on without has failed.</summary>
internal sealed class LinuxError(string doing, int number) : Exception($"could not {doing}: {Describe(number)}")
{
    public int Number { get; } = number;

    /// <returns><paramref name="result"/> when it is not negative.</returns>
    /// <exception cref="LinuxError">when it is, with the error number of the call just made.</exception>
    public static int Check(int result, string doing) => result >= 0 ? result : throw new LinuxError(doing, Marshal.GetLastPInvokeError());

    public static string Describe(int number) => Marshal.GetPInvokeErrorMessage(number);
}
