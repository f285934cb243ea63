using System.Diagnostics;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>The built server as a process of its own, on a port of its own, with a client for it.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _log = [];

    private RunningProgram(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = address, Timeout = Patience };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Resident memory, in bytes.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What it has written to its log after it began to listen.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    /// <summary>Starts the build's own program.</summary>
    public static Task<RunningProgram> StartAsync(params IReadOnlyList<string> arguments) => StartAsync([Repository.Program], arguments);

    /// <param name="command">The program, with what it is to be started by before it.</param>
    /// <param name="arguments">Its options beside the address.</param>
    public static async Task<RunningProgram> StartAsync(IReadOnlyList<string> command, IReadOnlyList<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "--urls=http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            const string Listening = "Listening on ";
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                var at = line.IndexOf(Listening, StringComparison.Ordinal);
                if (at < 0) continue;
                var address = line[(at + Listening.Length)..].Split('"')[0];
                var program = new RunningProgram(process, new Uri(address));
                _ = program.ReadLogAsync();
                return program;
            }
            throw new InvalidOperationException($"the server ended before it listened: {await errors}");
        }
        catch
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A pipe that nobody reads would make the server wait in the end.</summary>
    private async Task ReadLogAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_log) _log.Add(line);
        }
    }
}
