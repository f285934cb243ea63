using System.Net.Sockets;
using ServeBench.Domain.Faults;

namespace ServeBench.Runs.Tests.Importing;

/// <summary>Every regular file is read, wherever it is; what is none is refused before it is opened, which could wait for ever.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_regular_file_in_memory_is_imported()
    {
        const string Memory = "/dev/shm";
        Assert.SkipUnless(Directory.Exists(Memory), $"there is no {Memory}");
        var file = Path.Combine(Memory, $"servebench-{Guid.NewGuid():N}.csv");
        try
        {
            File.WriteAllText(file, Samples.Hey);
            Assert.Equal(40, _folder.Import(file).Requests);
            var link = Path.Combine(_folder.Path, "link.csv");
            File.CreateSymbolicLink(link, file);
            Assert.Equal(40, _folder.Import(link).Requests);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_is_no_regular_file_is_refused_with_what_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "kinds of files are asked of Linux");
        var pipe = Path.Combine(_folder.Path, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }
        Refused(pipe, "is a pipe, no regular file");
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, pipe);
        Refused(link, "is a pipe, no regular file");

        var path = Path.Combine(_folder.Path, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        Refused(path, "is a socket, no regular file");

        Refused("/dev/null", "is a character device, no regular file");
        Refused(_folder.Path, "is a folder");
    }

    private void Refused(string file, string why)
    {
        var fault = Assert.Single(Assert.Throws<FaultException>(() => _folder.Import(file)).Faults);
        Assert.StartsWith($"{file} {why}", fault.Problem, StringComparison.Ordinal);
    }
}
