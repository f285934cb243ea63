using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Images;
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

    private static readonly RightRequest[] OfTexts =
    [
        RightRequest.Of("/v1/embeddings", """{"model":"all-MiniLM-L6-v2","input":"whale","encoding_format":"base64","dimensions":384}"""),
        RightRequest.Of("/v1/embeddings", """{"model":"all-MiniLM-L6-v2","input":["whale","größe \ud83d\udc0b"],"user":"a"}"""),
        RightRequest.Of("/v1/embeddings", """{"input":[[101,13156,102],[101,102]]}"""),
        RightRequest.Of("/embed", """{"inputs":["whale",[101,102]],"truncate":true,"truncation_direction":"Left","normalize":true}"""),
        RightRequest.Of("/v2/models/all-MiniLM-L6-v2/infer", """{"id":"7","inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["whale"]}],"outputs":[{"name":"embedding","parameters":{"binary_data":true}}]}"""),
        RightRequest.Of("/v2/models/all-MiniLM-L6-v2/infer", """{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,3],"data":[[101,13156,102]]},{"name":"attention_mask","datatype":"INT64","shape":[1,3],"data":[1,1,1]}]}"""),
        RightRequest.Of("/v2/models/all-MiniLM-L6-v2/versions/1/infer", """{"inputs":[{"name":"input_ids","datatype":"INT32","shape":[1,2],"parameters":{"binary_data_size":8}}]}""", [101, 0, 0, 0, 102, 0, 0, 0]),
    ];

    [Fact]
    public async Task Mutated_requests_with_texts_end_with_2xx_or_4xx_and_the_server_stays()
    {
        await using var server = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", "--read-timeout=2s");
        await FuzzAsync(server, OfTexts);
        using var content = new ByteArrayContent(SpokenTexts.Body("whale"));
        using var answer = await server.Client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), 0));
    }

    [Fact]
    public async Task Mutated_requests_with_images_end_with_2xx_or_4xx_and_the_server_stays()
    {
        using var images = new SmallClassifier();
        var (name, file) = (SmallClassifier.Name, RecordedImages.Read("420.jpg"));
        var base64 = Convert.ToBase64String(file);
        var pixels = MemoryMarshal.AsBytes<float>(SmallClassifier.Pixels("420.jpg")).ToArray();
        var right = RightRequest.Of("/v1/classify", $$"""{"model":"{{name}}","images":["{{base64}}"],"top_k":5,"logits":true}""");
        RightRequest[] requests =
        [
            right,
            RightRequest.Of("/v1/classify", $$"""{"images":["{{base64}}","{{Convert.ToBase64String(RecordedImages.Read("rgb.png"))}}"]}"""),
            new("/v1/classify?top_k=3&logits=false", file, "image/jpeg"),
            new("/v1/classify?logits=true", [.. "--border\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"u8, .. file, .. "\r\n--border--\r\n"u8], "multipart/form-data; boundary=border"),
            RightRequest.Of($"/v2/models/{name}/infer", """{"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,3,48,48],"parameters":{"binary_data_size":27648}}]}""", pixels),
            RightRequest.Of($"/v2/models/{name}/infer", $$$"""{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":{{{file.Length + 4}}}}}]}""", [.. BitConverter.GetBytes(file.Length), .. file]),
        ];
        await using var server = await RunningProgram.StartAsync($"--model={images.Folder}", "--threads=1", "--read-timeout=2s");
        await FuzzAsync(server, requests);
        using var content = new ByteArrayContent(right.Body);
        using var answer = await server.Client.PostAsync("/v1/classify", content, TestContext.Current.CancellationToken);
        var logits = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("predictions")[0].GetProperty("logits");
        Assert.All(images.Run("420.jpg").Zip(logits.EnumerateArray().Select(l => l.GetSingle())), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public async Task Mutated_requests_with_prompts_end_with_2xx_or_4xx_and_the_server_stays()
    {
        await using var server = await RunningProgram.StartAsync($"--model={generator.Folder}", "--threads=1", "--read-timeout=2s");
        await FuzzAsync(
            server,
            [
                RightRequest.Of("/v1/completions", """{"prompt":["whale","größe \ud83d\udc0b"],"max_tokens":3,"stop":["a","b"],"temperature":0.5,"top_p":0.9,"seed":7,"stream":true,"stream_options":{"include_usage":true}}"""),
                RightRequest.Of("/v1/completions", """{"prompt":[[464,2068],[7586]],"max_tokens":2,"ignore_eos":true}"""),
                RightRequest.Of("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"text","text":"whale"}]}],"max_completion_tokens":2}"""),
                RightRequest.Of("/generate_stream", """{"inputs":"whale","parameters":{"max_new_tokens":2,"details":true,"do_sample":true,"stop":["x"],"seed":3}}"""),
            ]);
        using var content = new StringContent("""{"prompt":"whale","max_tokens":2,"ignore_eos":true}""");
        using var answer = await server.Client.PostAsync("/v1/completions", content, TestContext.Current.CancellationToken);
        var usage = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("usage");
        Assert.Equal(2, usage.GetProperty("completion_tokens").GetInt32());
    }

    private static async Task FuzzAsync(RunningProgram server, IReadOnlyList<RightRequest> right)
    {
        var (requests, seed) = (Settings.Number("SERVEBENCH_FUZZ_REQUESTS", 2_000), Settings.Number("SERVEBENCH_FUZZ_SEED", 1));
        var statuses = new ConcurrentDictionary<int, int>();
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Connections), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (lane, _) =>
        {
            var mutator = new RequestMutator(seed * 1000 + lane, right);
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
