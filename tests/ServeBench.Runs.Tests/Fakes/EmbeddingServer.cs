using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServeBench.Domain.Models;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>Answers the OpenAI embeddings protocol with the raw runtime's embeddings, inside the test.</summary>
internal sealed class EmbeddingServer : IDisposable
{
    private static readonly ConcurrentDictionary<string, Func<string, float[]>> Embedders = new();

    /// <summary>Where every server answers wrongly.</summary>
    public const string WrongPath = "/wrong";

    /// <summary>Until when servers work off what nobody waits for any more, by <see cref="Stopwatch.GetTimestamp"/>; they answer after that.</summary>
    public static ConcurrentDictionary<IPEndPoint, long> BusyUntil { get; } = [];

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, bool> _asked = new();
    private readonly Func<string, float[]> _embed;
    private readonly bool _wrong;

    public EmbeddingServer(ModelArtifact model, bool wrong)
    {
        _wrong = wrong;
        _embed = Embedders.GetOrAdd(model.Folder, Embedder);
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        _listener.Prefixes.Add($"http://{Endpoint}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>Whether anybody wanted this text's embedding.</summary>
    public bool HasBeenAsked(string text) => _asked.ContainsKey(text);

    public void Dispose() => _listener.Close();

    /// <summary>One session for all tests: loading it is what takes time.</summary>
    private static Func<string, float[]> Embedder(string folder)
    {
        var manifest = EmbeddingManifest.Read(folder);
        var session = EmbeddingSession.Load(folder, manifest, new SessionSettings());
        var tokenizer = EmbeddingSession.LoadTokenizer(folder, manifest);
        return text =>
        {
            var ids = new long[tokenizer.MaximumTokens];
            var length = tokenizer.Encode(text, ids.AsSpan());
            var embedding = new float[session.Dimensions];
            session.Run(ids.AsSpan(0, length), Enumerable.Repeat(1L, length).ToArray(), 1, length, embedding);
            return embedding;
        };
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }
            if (BusyUntil.TryGetValue(Endpoint, out var until) && Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until) is { Ticks: > 0 } left)
                await Task.Delay(left);
            var request = await JsonDocument.ParseAsync(context.Request.InputStream);
            var data = new JsonArray();
            var answer = new JsonObject { ["data"] = data };
            // The toy kind of work, whose requests are numbers.
            if (request.RootElement.TryGetProperty("of", out var number)) answer["answers"] = new JsonArray(new JsonArray(2 * number.GetInt32()));
            else foreach (var text in request.RootElement.GetProperty("input").EnumerateArray())
            {
                if (text.ValueKind != JsonValueKind.String || text.GetString()!.Length == 0)
                {
                    context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
                    break;
                }
                _asked[text.GetString()!] = true;
                var embedding = _embed(text.GetString()!);
                if (_wrong || context.Request.Url!.AbsolutePath == WrongPath) Array.Reverse(embedding);
                data.Add(new JsonObject { ["embedding"] = new JsonArray([.. embedding.Select(v => (JsonNode)v)]) });
            }
            var body = System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString());
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
