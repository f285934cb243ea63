using System.Diagnostics;
using ServeBench.Processes.Commands;

namespace ServeBench.Processes.Servers;

/// <summary>
/// A command that is run should this process die of anything (kill -9 included) before it is revoked: it removes what runs
/// elsewhere and would outlive it, such as a container. A shell waits for it, on systems that have a POSIX shell.
/// </summary>
public sealed class LastWill : IDisposable
{
    private const string Revoked = "revoked";

    // This process holds the other end of the shell's input: when it dies, the read ends with nothing read. Ctrl+C in the
    // terminal reaches the shell as well, and is not for it.
    private const string Script = $"trap '' INT HUP TERM; read -r word; [ \"$word\" = {Revoked} ] || exec \"$@\" >/dev/null 2>&1";

    private readonly Process? _shell;

    private LastWill(Process? shell) => _shell = shell;

    public static LastWill Of(CommandSpec command)
    {
        if (!File.Exists(GuardedServer.Shell)) return new LastWill(null);
        var start = new ProcessStartInfo(GuardedServer.Shell, ["-c", Script, "last-will", command.Program, .. command.Arguments]) { RedirectStandardInput = true, UseShellExecute = false };
        return new LastWill(Process.Start(start));
    }

    /// <summary>What it stood for is done: it is not run any more.</summary>
    public void Dispose()
    {
        if (_shell is null) return;
        try
        {
            _shell.StandardInput.WriteLine(Revoked);
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
