using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace ServeBench.OnnxServer.Tests.Clients;

/// <summary>A client in a program of its own, which nobody here wrote but for a script of calls.</summary>
internal sealed class ForeignClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ForeignClient(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>What it writes.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts it; the test is skipped where there is no such program.</summary>
    public static ForeignClient Start(string program, params IEnumerable<string> arguments)
    {
        try
        {
            return new ForeignClient(Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
            throw;
        }
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    /// <returns>What it has written and was not read.</returns>
    public async Task<string> EndAsync()
    {
        var output = await Output.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(_process.ExitCode == 0, await _errors);
        return output;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The JSON that it has written.</returns>
    public async Task<JsonElement> AnswerAsync() => JsonElement.Parse(await EndAsync());

    /// <summary>Ends it at once, in the middle of whatever it does.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
