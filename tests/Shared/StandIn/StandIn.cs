using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServeBench.Tests;

/// <summary>
/// The configurable stand-in server (the folder stand_in_server beside this file): third-party servers' habits as switches. As a process that
/// a test starts by itself, or as a stack that the pipeline deploys.
/// </summary>
internal static class StandIn
{
    /// <summary>The folder of the server's program in the checkout, which python3 runs.</summary>
    public static string Folder { get; } = Path.Combine(FindCheckout(), "tests", "Shared", "StandIn", "stand_in_server");

    /// <summary>Where the checkout's own programs are built.</summary>
    public static string Bin { get; } = Path.Combine(FindCheckout(), "artifacts", "bin");

    /// <summary>Why this machine cannot run it; null where it can.</summary>
    public static string? Missing { get; } =
        OperatingSystem.IsLinux() && OnPath("python3") ? null : "the stand-in server needs Linux, and python3 on PATH";

    /// <summary>Skips the test, with the reason, where this machine cannot run it.</summary>
    public static void SkipWhereMissing() => Assert.SkipWhen(Missing is not null, Missing ?? "");

    /// <summary>What decides which process is which in its command line: <c>named:</c> of a stop step.</summary>
    public const string WorkerName = "--role=worker";

    /// <summary>The <c>process:</c> section of a stack.yaml.</summary>
    /// <param name="habits">Switches of the server.</param>
    /// <param name="more">Further lines of the section.</param>
    public static string Section(IEnumerable<string> habits, string more = "start-limit: 20s\nstop-limit: 3s")
    {
        string[] arguments = [Folder, "--port=${port}", "--model=${model-folder}", .. habits];
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return $"""
            programs: [{JsonSerializer.Serialize(Folder, options)}]
            command: python3
            arguments: {JsonSerializer.Serialize(arguments, options)}
            {more}
            """;
    }

    /// <summary>Writes a stack's folder whose server is the stand-in.</summary>
    /// <param name="root">A checkout: it gets src/stacks/NAME/stack.yaml.</param>
    /// <param name="name">The stack's.</param>
    /// <param name="habits">Switches of the server.</param>
    /// <param name="more">Further sections of stack.yaml, at its top level.</param>
    /// <param name="section">Further lines of its <c>process:</c> section.</param>
    /// <param name="groups">The groups of workloads that it says it serves.</param>
    /// <param name="protocols">The protocols that it says it speaks.</param>
    public static void AddStack(
        string root, string name, IEnumerable<string> habits, string more = "", string section = "start-limit: 20s\nstop-limit: 3s",
        string groups = "embeddings", string protocols = "openai-embeddings")
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "src", "stacks", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "stack.yaml"), $$"""
            name: {{name}}
            title: A stand-in, {{name}}
            summary: a server of the test's
            licence: MIT
            groups: [{{groups}}]
            protocols: [{{protocols}}]
            model-format: onnx
            precision: fp32
            complexity: { score: 1, why: a test }
            tracks: { default: { summary: as it comes } }
            hosts:
              process:
            {{string.Join('\n', Section(habits, section).Split('\n').Select(line => "    " + line))}}
            {{more}}
            """);
    }

    /// <summary>Starts it by itself, outside any pipeline, in a session of its own.</summary>
    public static StandInProcess Start(params string[] habits)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        return new StandInProcess(Process.Start("setsid", ["--wait", "python3", Folder, $"--port={port}", .. habits]), port);
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string FindCheckout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}

/// <summary>A stand-in that runs; disposing it kills every process whose command line holds its port.</summary>
internal sealed class StandInProcess(Process process, int port) : IDisposable
{
    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, port);

    /// <summary>Its processes that are alive, however far they have got away from the first, with their command lines.</summary>
    public IReadOnlyList<(int Id, string Command)> Alive => StandInProcesses.With($"--port={port}");

    /// <summary>The main process, which has the habits of the shape.</summary>
    public int Main => Alive.First(p => !p.Command.Contains(StandIn.WorkerName, StringComparison.Ordinal)).Id;

    /// <summary>Asks its health until the answer is that status.</summary>
    public async Task UntilHealthAsync(HttpStatusCode status, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if ((await client.GetAsync(new Uri($"http://{Endpoint}/health"), cancellationToken)).StatusCode == status) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // not yet
            }
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"the stand-in did not answer {status} within 20 s");
            await Task.Delay(20, cancellationToken);
        }
    }

    public void Dispose()
    {
        StandInProcesses.Kill($"--port={port}");
        process.WaitForExit();
        process.Dispose();
    }
}

/// <summary>Stand-ins by a switch in their command lines: what no process host of ours takes part in.</summary>
internal static class StandInProcesses
{
    public static IReadOnlyList<(int Id, string Command)> With(string argument)
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                var words = File.ReadAllText($"{folder}/cmdline").Split('\0');
                if (words.Contains(argument) && words.Contains(StandIn.Folder) && words[0] != "setsid")
                    found.Add((int.Parse(Path.GetFileName(folder)), string.Join(' ', words)));
            }
            catch (IOException)
            {
                // it has just ended
            }
        }
        return found;
    }

    public static void Kill(string argument)
    {
        // A crashing worker may be replaced between the look and the kill.
        while (With(argument) is { Count: > 0 } alive)
        {
            foreach (var (id, _) in alive)
            {
                try
                {
                    using var one = Process.GetProcessById(id);
                    one.Kill();
                }
                catch (Exception e) when (e is ArgumentException or InvalidOperationException)
                {
                    // it has just ended
                }
            }
            Thread.Yield();
        }
    }
}
