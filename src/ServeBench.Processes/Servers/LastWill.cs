using System.Diagnostics;
using ServeBench.Processes.Commands;

namespace ServeBench.Processes.Servers;

/// <summary>
/// A command that is run should this process die of anything (kill -9 included) before it is revoked: it removes what runs
/// elsewhere and would outlive it, such as a container. A shell waits for it, on systems that have a POSIX shell.
/// </summary>
public sealed class LastWill : IDisposable
{
    private static readonly Lazy<string> Script = new(() =>
    {
        using var stream = typeof(LastWill).Assembly.GetManifestResourceStream("last-will.sh")!;
        return new StreamReader(stream).ReadToEnd();
    });

    private readonly Process? _shell;

    private LastWill(Process? shell) => _shell = shell;

    public static LastWill Of(CommandSpec command)
    {
        if (!File.Exists(GuardedServer.Shell)) return new LastWill(null);
        var start = new ProcessStartInfo(GuardedServer.Shell, ["-c", Script.Value, "last-will.sh", command.Program, .. command.Arguments])
        {
            RedirectStandardInput = true,
            UseShellExecute = false
        };
        return new LastWill(Process.Start(start));
    }

    /// <summary>Its purpose is fulfilled: it is not run any more.</summary>
    public void Dispose()
    {
        if (_shell is null) return;
        try
        {
            _shell.StandardInput.WriteLine("revoked");
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody has ended the shell: there is nothing to revoke.
        }
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
