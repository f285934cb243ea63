using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Evidence;

/// <summary>Launch to the first right answer, memory after load, and the size of the program.</summary>
public sealed class LaunchEvidence(PreparedMiniLm model)
{
    private const int Launches = 15;

    [Fact(Explicit = true)]
    public async Task First_answer_memory_and_size()
    {
        var cache = Directory.CreateTempSubdirectory("servebench-cache-").FullName;
        try
        {
            var text = new StringBuilder("| | first right answer, ms: median (range) | resident then, MiB | resident after load, MiB |\n|---|---|---|---|\n");
            await AddAsync("model read", []);
            await AddAsync("model mapped (--cache)", [$"--cache={cache}"]);
            var folder = Path.GetDirectoryName(Path.GetFullPath(Bench.Program))!;
            var size = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
            text.Append(CultureInfo.InvariantCulture, $"\n{Launches} launches each; {size / 1e6:0.0} MB in the program's folder {Path.GetRelativePath(Repository.Root, folder)}.\n");
            Bench.Report("launch", text);

            async Task AddAsync(string name, string[] arguments)
            {
                var times = new List<double>();
                var (first, loaded) = (0L, 0L);
                // The first launch fills caches, the machine's and the server's.
                for (var i = 0; i <= Launches; i++)
                {
                    var (milliseconds, then, after) = await LaunchAsync(arguments, isLast: i == Launches);
                    if (i > 0) times.Add(milliseconds);
                    (first, loaded) = (then, after);
                }
                times.Sort();
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {Bench.Percentile(times, 0.5):0} ({times[0]:0}-{times[^1]:0}) | {first / (double)(1 << 20):0} | {loaded / (double)(1 << 20):0} |\n");
            }
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private async Task<(double Milliseconds, long Resident, long Loaded)> LaunchAsync(string[] arguments, bool isLast)
    {
        var expected = model.Embed("whale");
        var port = FreePort();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Bench.Program, [$"--model={model.Folder}", "--threads=1", $"--urls=http://127.0.0.1:{port}", "--log-level=none", .. arguments]))!;
        try
        {
            while (true)
            {
                Assert.False(process.HasExited);
                try
                {
                    using var content = new ByteArrayContent(SpokenTexts.Body("whale"));
                    using var response = await client.PostAsync("/v1/embeddings", content);
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Embeddings.AssertSame(expected, Embeddings.Of(JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()), 0));
                    break;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                    await Task.Delay(TimeSpan.FromMilliseconds(2));
                }
            }
            var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            process.Refresh();
            var resident = process.WorkingSet64;
            if (isLast)
            {
                var bodies = SpokenTexts.Mixed(500, seed: 1).Select(SpokenTexts.Body).ToArray();
                await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (body, cancellation) =>
                {
                    using var content = new ByteArrayContent(body);
                    using var response = await client.PostAsync("/v1/embeddings", content, cancellation);
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                });
            }
            process.Refresh();
            return (milliseconds, resident, process.WorkingSet64);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
