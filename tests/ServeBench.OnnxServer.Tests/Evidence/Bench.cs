using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Evidence;

/// <summary>
/// What programs that show speed have in common. They are tests that run only when they are asked for (<c>-explicit only</c>);
/// they check answers, print figures and judge none: on a machine that does other things, figures mean little.
/// Variables: <c>SERVEBENCH_EVIDENCE_SECONDS</c>, the length of one measurement; <c>SERVEBENCH_PROGRAM</c>, another server
/// than the build's own; <c>SERVEBENCH_EVIDENCE_CORES</c>, the cores of the server (usually 0), so that the client, started with
/// taskset, has others.
/// </summary>
internal static class Bench
{
    /// <summary>The length of one measurement.</summary>
    public static TimeSpan Window(int usualSeconds) => TimeSpan.FromSeconds(Settings.Number("SERVEBENCH_EVIDENCE_SECONDS", usualSeconds));

    public static string Program => Environment.GetEnvironmentVariable("SERVEBENCH_PROGRAM") is { Length: > 0 } program ? Path.Combine(Repository.Root, program) : Repository.Program;

    /// <summary>Starts the server on its own cores, where the machine can do that.</summary>
    public static Task<RunningProgram> StartAsync(PreparedMiniLm model, params string[] arguments)
    {
        var cores = Environment.GetEnvironmentVariable("SERVEBENCH_EVIDENCE_CORES") ?? "0";
        string[] command = OperatingSystem.IsLinux() ? ["taskset", "-c", cores, Program] : [Program];
        return RunningProgram.StartAsync(command, [$"--model={model.Folder}", "--threads=1", .. arguments]);
    }

    /// <summary>Keeps a number of requests in flight for a time.</summary>
    public static async Task<Measurement> ClosedLoopAsync(RunningProgram server, IReadOnlyList<byte[]> bodies, int inFlight, TimeSpan window)
    {
        var next = -1;
        var latencies = new List<double>();
        var processor = server.ProcessorTime;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < window)
            {
                var sent = Stopwatch.GetTimestamp();
                var status = await PostAsync(server, bodies[Interlocked.Increment(ref next) % bodies.Count]);
                Assert.Equal(HttpStatusCode.OK, status);
                lock (latencies) latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }));
        return new Measurement(latencies.Order().ToArray(), Stopwatch.GetElapsedTime(began), server.ProcessorTime - processor);
    }

    public static async Task<HttpStatusCode> PostAsync(RunningProgram server, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var response = await server.Client.PostAsync("/v1/embeddings", content);
        await response.Content.CopyToAsync(Stream.Null);
        return response.StatusCode;
    }

    /// <summary>Arrivals at random moments at a mean rate, whether or not answers keep up; latency counts from when each was due.</summary>
    /// <returns>What happened to each.</returns>
    public static async Task<(HttpStatusCode Status, double Milliseconds)[]> OpenLoopAsync(RunningProgram server, IReadOnlyList<byte[]> bodies, double perSecond, TimeSpan window, int seed)
    {
        var random = new Random(seed);
        var running = new List<Task<(HttpStatusCode, double)>>();
        var began = Stopwatch.GetTimestamp();
        for (double due = 0; due < window.TotalSeconds; due -= Math.Log(1 - random.NextDouble()) / perSecond)
        {
            var ahead = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(began);
            if (ahead > TimeSpan.Zero) await Task.Delay(ahead);
            running.Add(SendAsync(due, bodies[running.Count % bodies.Count]));
        }
        return await Task.WhenAll(running);

        async Task<(HttpStatusCode, double)> SendAsync(double due, byte[] body)
        {
            var status = await PostAsync(server, body);
            return (status, (Stopwatch.GetElapsedTime(began).TotalSeconds - due) * 1e3);
        }
    }

    /// <summary>A percentile of ordered numbers, by linear interpolation.</summary>
    public static double Percentile(IReadOnlyList<double> ordered, double share)
    {
        if (ordered.Count == 0) return double.NaN;
        var at = share * (ordered.Count - 1);
        var below = (int)at;
        return below + 1 == ordered.Count ? ordered[below] : ordered[below] + (at - below) * (ordered[below + 1] - ordered[below]);
    }

    /// <summary>Prints a report and keeps it in artifacts/evidence.</summary>
    public static void Report(string name, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {Load()}, {Environment.ProcessorCount} cores for this client\n");
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "evidence")).FullName;
        File.WriteAllText(Path.Combine(folder, $"{name}.md"), text.ToString());
        TestContext.Current.TestOutputHelper!.WriteLine(text.ToString());
    }

    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "not known";
}

/// <param name="Milliseconds">Latencies, in order.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Processor">Processor time that the server used.</param>
internal sealed record Measurement(double[] Milliseconds, TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>Answers in a second of the server's processor time: what else the machine does matters little to it.</summary>
    public double PerProcessorSecond => Milliseconds.Length / Processor.TotalSeconds;

    /// <summary>Answers in a second.</summary>
    public double Rate => Milliseconds.Length / Elapsed.TotalSeconds;
}
