using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>
/// Mutated requests against the built program. <c>SERVEBENCH_FUZZ_REQUESTS</c> says how many (usually 2,000) and
/// <c>SERVEBENCH_FUZZ_SEED</c> which; <c>--target=Evidence --what=fuzz-requests</c> runs it at length.
/// </summary>
[Lane("slow")]
public sealed class FuzzTests(PreparedMiniLm model, TinyGenerator generator) : IClassFixture<TinyGenerator>
{
    private const int Connections = 16;

    /// <summary>A request whose end was lost has no answer: the server waits for the rest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task Mutated_requests_end_with_2xx_or_4xx_and_the_server_stays()
    {
        var requests = Settings.Number("SERVEBENCH_FUZZ_REQUESTS", 2_000);
        var seed = Settings.Number("SERVEBENCH_FUZZ_SEED", 1);
        await using var server = await RunningProgram.StartAsync($"--model={model.Folder}", $"--model={generator.Folder}", "--threads=1", "--read-timeout=2s");
        var statuses = new ConcurrentDictionary<int, int>();
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Connections), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (lane, _) =>
        {
            var mutator = new RequestMutator(seed * 1000 + lane);
            for (var i = lane; i < requests; i += Connections)
            {
                var request = mutator.Next();
                var status = await StatusAsync(server.Address, request);
                statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
                if (status is not (0 or (>= 200 and < 300) or (>= 400 and < 500)) && !(status == 505 && IsOfAnotherVersion(request))) wrong.Enqueue($"{status} (SERVEBENCH_FUZZ_SEED={seed}) for {Encoding.Latin1.GetString(request)}");
            }
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: " + string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{(s.Key == 0 ? "no answer" : $"{s.Key}")}: {s.Value}")));
        Assert.Empty(wrong);
        Assert.False(server.HasExited);
        // Enough of them got somewhere.
        Assert.True(statuses.GetValueOrDefault(200) > requests / 50);
        Assert.True(statuses.GetValueOrDefault(400) > requests / 5);
        Assert.True(statuses.GetValueOrDefault(0) < requests / 4);
        Assert.DoesNotMatch("outcome=\"failed\"} [1-9]", await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
        using var content = new ByteArrayContent(SpokenTexts.Body("whale"));
        using var answer = await server.Client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), 0));
    }

    /// <summary>505 is the answer to a version of HTTP that is not known (RFC 9110, 15.6.6), and to nothing else.</summary>
    private static bool IsOfAnotherVersion(byte[] request) => !Encoding.Latin1.GetString(request).Split('\n')[0].EndsWith(" HTTP/1.1\r", StringComparison.Ordinal);

    /// <returns>The status that a request ends with; 0 when there is no answer.</returns>
    private static async Task<int> StatusAsync(Uri address, byte[] request)
    {
        using var connection = await RawConnection.OpenAsync(address);
        try
        {
            await connection.SendAsync(request);
            var line = await connection.ReadStatusLineAsync(Patience);
            // An interim answer asks for the body, which was sent already.
            while (line.StartsWith("HTTP/1.1 1", StringComparison.Ordinal)) line = await connection.ReadStatusLineAsync(Patience);
            return line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        }
        catch (SocketException)
        {
            return 0;
        }
        finally
        {
            connection.Reset();
        }
    }
}
