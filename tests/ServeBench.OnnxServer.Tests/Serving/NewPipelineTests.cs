using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServeBench.Domain.Faults;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Hosting;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Serving;

/// <summary>
/// A kind of work that the server does is a pipeline of its own and its place in the list: here one that doubles numbers, in one batch
/// with whoever asks meanwhile, beside the pipeline of the program.
/// </summary>
public sealed class NewPipelineTests(PreparedMiniLm model) : IDisposable
{
    private static readonly KnownPipelines Pipelines = new([.. KnownPipelines.OfProgram.All, new DoublingPipeline()]);

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-toy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_asked_answered_and_counted()
    {
        await using var server = await RunningServer.StartAsync(ToyFolder(), Pipelines);
        Assert.Equal("[42,-4]", await PostAsync(server, "21 -2"));
        Assert.Equal(1, await CountAsync(server, "servebench_requests_total{protocol=\"doubling\",outcome=\"success\"}"));
        using var wrong = await server.Client.PostAsync("/double", new StringContent("one"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        // What all models have is there for this one, too.
        Assert.Contains("\"toy\"", await server.Client.GetStringAsync("/v1/models"), StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task Each_model_goes_to_the_pipeline_that_takes_it()
    {
        await using var server = await RunningServer.StartAsync(ToyFolder(), Pipelines, $"--model={model.Folder}");
        Assert.Equal("[2]", await PostAsync(server, "1"));
        var (status, body) = await server.PostAsync("/v1/embeddings", $$"""{"model":"{{PreparedMiniLm.Name}}","input":"whale"}""");
        Assert.Equal(200, status);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(body, 0));
    }

    [Fact]
    public async Task A_model_that_no_pipeline_takes_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<RunFailedException>(() => RunningServer.StartAsync(ToyFolder()));
        Assert.Contains("the model toy (doubler) is of no kind of work that this server does", refused.Message, StringComparison.Ordinal);
    }

    private string ToyFolder()
    {
        File.WriteAllText(Path.Combine(_folder, ModelManifest.FileName), $$"""
            {
              "schema": "{{ModelManifest.CurrentSchema}}", "model": "toy", "title": "Toy", "architecture": "doubler", "precision": "fp32", "weights": "seeded",
              "source": { "repository": "nobody/toy", "licence": "MIT" }, "files": [{ "name": "toy.onnx", "bytes": 0, "sha256": "abc" }],
              "onnxFile": "toy.onnx", "safetensorsFile": "toy.safetensors", "inputs": [], "outputs": [], "parameters": 0
            }
            """);
        return _folder;
    }

    private static async Task<string> PostAsync(RunningServer server, string body)
    {
        using var response = await server.Client.PostAsync("/double", new StringContent(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<int> CountAsync(RunningServer server, string series) =>
        (await server.Client.GetStringAsync("/metrics")).Split('\n').Where(l => l.StartsWith(series, StringComparison.Ordinal)).Sum(l => int.Parse(l.Split(' ')[1]));

    private sealed class DoublingPipeline : IPipeline
    {
        public IReadOnlyList<string> Protocols { get; } = ["doubling"];

        public bool Takes(ModelManifest manifest) => manifest.Architecture == "doubler";

        public ServedModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger) =>
            new Doubler(ModelManifest.Read(folder.Folder), options, time, logger);

        public void Map(RouteTable routes, InferenceServices services) =>
            routes.Post("/double", new DoublingEndpoint(services, services.Models.Of<Doubler>().All[0]).HandleAsync);
    }

    private sealed class Doubler : ServedModel
    {
        private readonly Batcher _batcher;

        public Doubler(ModelManifest manifest, ServerOptions options, TimeProvider time, ILogger logger)
            : base(manifest.Model, manifest) =>
            _batcher = new Batcher(Name, [new Doubling()], new ExecutionCost(1e-9, 1), 100, options, Metrics, time, logger);

        public override WorkQueue Queue => _batcher.Queue;

        public override void Dispose() => _batcher.Dispose();
    }

    private sealed class Doubling : IBatchExecutor
    {
        private readonly int[] _numbers = new int[1024];

        public ItemWords Words { get; } = new("number", "units", "double");

        public int LayOut(ReadOnlySpan<QueuedItem> items)
        {
            for (var i = 0; i < items.Length; i++) _numbers[i] = ((Numbers)items[i].Request).Items[items[i].Index];
            return items.Length;
        }

        public void Execute()
        {
            for (var i = 0; i < _numbers.Length; i++) _numbers[i] *= 2;
        }

        public RunFailedException? Deliver(int place, in QueuedItem item, long at)
        {
            ((Numbers)item.Request).Finish(item.Index, _numbers[place], at);
            return null;
        }
    }

    private sealed class Numbers : ScheduledRequest
    {
        public List<int> Items { get; } = [];

        public override int Cost(int item) => 1;

        public void Add(int number)
        {
            Items.Add(number);
            (Count, TotalCost) = (Items.Count, Items.Count);
        }

        public bool Queue(WorkQueue queue) => TryQueue(queue);

        public void Finish(int item, int doubled, long at)
        {
            Items[item] = doubled;
            Finish(at);
        }

        public override void Reset()
        {
            Items.Clear();
            base.Reset();
        }
    }

    private readonly record struct Doubles(Doubler Asked) : IAnswer<Numbers>
    {
        ServedModel IAsked<Numbers>.Model => Asked;

        public string ContentType => "application/json";

        public int HeadRoom => 1;

        public int ItemRoom => 12;

        public int TailRoom => 1;

        public bool TryQueue(Numbers request) => request.Queue(Asked.Queue);

        public void Complete(HttpResponse response)
        {
        }

        public int WriteHead(Numbers request, Span<byte> into) => Write("[", into);

        public int WriteItem(Numbers request, int index, Span<byte> into) => Write($"{(index == 0 ? "" : ",")}{request.Items[index]}", into);

        public int WriteTail(Numbers request, Span<byte> into) => Write("]", into);

        private static int Write(string text, Span<byte> into) => Encoding.ASCII.GetBytes(text, into);
    }

    private sealed class DoublingEndpoint(InferenceServices services, Doubler model) : InferenceEndpoint<Numbers, Doubles>(services, new RequestPool<Numbers>())
    {
        protected override string Protocol => "doubling";

        protected override ServedModel? ModelOf(HttpContext context) => model;

        protected override Doubles Parse(HttpContext context, ReadOnlySpan<byte> body, Numbers into, out ApiError? error)
        {
            error = null;
            foreach (var word in Encoding.ASCII.GetString(body).Split(' '))
            {
                if (int.TryParse(word, out var number)) into.Add(number);
                else error = ApiError.Invalid($"'{word}' is no number");
            }
            return new Doubles(model);
        }

        protected override Task WriteErrorAsync(HttpContext context, ApiError error) => OpenAiErrors.WriteAsync(context, error);
    }
}
