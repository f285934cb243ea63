using System.Diagnostics;
using ServeBench.Processes.Commands;

namespace ServeBench.EndToEnd.Tests;

/// <summary>
/// This machine's Docker Engine as if it were on another machine: an sshd of the test's own leads to it, with keys, host keys and
/// configuration in a folder of its own, and an ssh on PATH that reads them. Nothing of the user's is touched.
/// </summary>
internal sealed class OtherMachine : IDisposable
{
    /// <summary>The name under which ssh knows it.</summary>
    public const string Name = "gpu-machine";

    private const string Daemon = "/usr/sbin/sshd";

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-test-ssh-").FullName;
    private readonly int _port;
    private Process? _sshd;

    /// <param name="variables">Variables that its sessions have, each as NAME=VALUE.</param>
    /// <param name="more">Further lines of sshd_config.</param>
    public OtherMachine(string variables = "", params string[] more)
    {
        Assert.SkipUnless(File.Exists(Daemon), $"there is no {Daemon} here to stand for another machine's");
        using (var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }
        foreach (var key in new[] { "host", "key", "stranger" }) Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In(key));
        File.Copy(In("key.pub"), In("authorized"));
        File.WriteAllLines(In("sshd_config"),
        [
            $"Port {_port}", "ListenAddress 127.0.0.1", $"HostKey {In("host")}", $"AuthorizedKeysFile {In("authorized")}", $"PidFile {In("pid")}",
            "UsePAM no", "StrictModes no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password",
            // What a user's shell does when it starts (and leaves undone when it is killed) is no matter of these tests.
            $"SetEnv HOME={_folder} {variables}", .. more,
        ]);
        File.WriteAllLines(In("config"),
        [
            .. Alias(Name, _port, "key"), .. Alias("refuses-the-key", _port, "stranger"), .. Alias("not-listening", 1, "key"),
            .. Alias("never-seen", _port, "key")[..^2], "  StrictHostKeyChecking yes", $"  UserKnownHostsFile {In("nobody")}",
        ]);
        Directory.CreateDirectory(In("bin"));
        WriteProgram("ssh", $"#!/bin/sh\nexec /usr/bin/ssh -F {In("config")} \"$@\"\n");
        if (System.Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
        Start();
    }

    /// <summary>What docker and ServeBench are to be started with.</summary>
    /// <param name="name">Another name than this machine's: one that leads there in the wrong way.</param>
    public IReadOnlyDictionary<string, string> Environment(string name = Name) => new Dictionary<string, string>
    {
        ["DOCKER_HOST"] = $"ssh://{name}",
        ["PATH"] = $"{In("bin")}:{System.Environment.GetEnvironmentVariable("PATH")}",
    };

    public void Start()
    {
        _sshd = Process.Start(new ProcessStartInfo(Daemon, ["-D", "-f", In("sshd_config"), "-E", In("log")]) { UseShellExecute = false })!;
        for (var tries = 0; !Answers(); tries++)
        {
            Assert.True(tries < 200 && !_sshd.HasExited, $"sshd does not listen: {(File.Exists(In("log")) ? File.ReadAllText(In("log")) : "")}");
            Thread.Sleep(25);
        }
    }

    /// <summary>Ends it with every connection through it.</summary>
    public void Stop()
    {
        if (_sshd is null) return;
        _sshd.Kill(entireProcessTree: true);
        _sshd.WaitForExit();
        _sshd.Dispose();
        _sshd = null;
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private bool Answers()
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            client.Connect(System.Net.IPAddress.Loopback, _port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private string[] Alias(string name, int port, string key) =>
    [
        $"Host {name}", "  HostName 127.0.0.1", $"  Port {port}", $"  IdentityFile {In(key)}", "  IdentitiesOnly yes", "  StrictHostKeyChecking accept-new", $"  UserKnownHostsFile {In("known")}",
    ];

    private void WriteProgram(string name, string text)
    {
        var file = Path.Combine(In("bin"), name);
        File.WriteAllText(file, text);
        Run("chmod", "700", file);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static void Run(string program, params string[] arguments) => new CommandRunner().Run(new CommandSpec(program, arguments));
}
