using System.Diagnostics;
using System.Text;

namespace ServeBench.EndToEnd.Tests;

/// <summary>One start of the built program, as a user starts it.</summary>
internal sealed class Pipeline : IDisposable
{
    /// <summary>The checkout that the tests were built in.</summary>
    public static readonly string Root = FindRoot();

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Pipeline(string root, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "artifacts", "bin", "Build", "release", "ServeBench.Build"), arguments)
        {
            WorkingDirectory = root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        Servers.BelongTo(_process.Id);
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static readonly Dictionary<string, string?> Unchanged = [];

    public static Pipeline Start(params string[] arguments) => new(Root, Unchanged, arguments);

    /// <summary>Starts it with variables set on top of this process's.</summary>
    public static Pipeline StartWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(Root, environment.ToDictionary(v => v.Key, string? (v) => v.Value), arguments);

    /// <summary>Runs to the end.</summary>
    public static Task<(int Code, string Output)> RunAsync(params string[] arguments) => RunInAsync(Root, arguments);

    /// <summary>Runs the program of another checkout to the end.</summary>
    public static Task<(int Code, string Output)> RunInAsync(string root, params string[] arguments) => RunInAsync(root, Unchanged, arguments);

    /// <summary>Runs the program of another checkout to the end, with variables set on top of this process's; null unsets one.</summary>
    public static async Task<(int Code, string Output)> RunInAsync(string root, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var pipeline = new Pipeline(root, environment, arguments);
        await pipeline._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (pipeline._process.ExitCode, pipeline.Output);
    }

    /// <summary>Runs to the end with variables set on top of this process's.</summary>
    public static async Task<(int Code, string Output)> RunWithAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var pipeline = StartWith(environment, arguments);
        await pipeline._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (pipeline._process.ExitCode, pipeline.Output);
    }

    /// <summary>Both outputs so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void KillOutright() => _process.Kill(entireProcessTree: false);

    /// <summary>Asks it to end as Ctrl+C does.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("/bin/kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async Task WaitAsync() => await _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_output)
        {
            if (line is not null) _output.AppendLine(line);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
