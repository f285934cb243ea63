using System.Net;
using System.Text;
using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Protocols;
using ServeBench.Load;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;
using ServeBench.Models.Architectures;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Packages;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Payloads;
using ServeBench.Work;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Runs.Tests.Kinds.ImageClassification;

/// <summary>Every protocol of this repository that carries images: what is sent of a reference, and what a right answer is.</summary>
[Lane("slow")]
public sealed class ImageProtocolsTests : IAsyncLifetime
{
    private const int Side = 64;
    private const int Classes = 12;

    private static readonly string Root = FindRoot();
    private static readonly IPEndPoint Target = new(IPAddress.Loopback, 1);

    private readonly ClassificationWork _work = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-images-").FullName;
    private ModelArtifact _model = null!;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Root, "k6", "protocols"), "classify-*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    public static TheoryData<string> Tensors => [.. Directory.EnumerateFiles(Path.Combine(Root, "k6", "protocols"), "open-inference-images*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => !n.EndsWith("-grpc", StringComparison.Ordinal))];

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(Root, "models", "mobilenet-v3-small");
        var card = CatalogueFile.Read(Path.Combine(folder, "model.yaml"), f => ModelCardReader.Read(f, folder, KnownArchitectures.All));
        var own = (ClassifierSettings)card.Export;
        var small = card with { Export = own with { Classes = Classes, Input = own.Input with { Size = Side, Resize = 72 } } };
        _model = await new ModelStore(_folder, new PackageFolder(PackageFolder.Default)).PrepareAsync(
            small, new ModelRequest { Weights = WeightsSource.Seeded, Offline = true }, SilentObserver.Instance, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_sent_whole_and_all_logits_are_asked_for(string name)
    {
        var protocol = Protocol(name);
        var request = Render(protocol, _work.References(_model)[0].Request);
        var text = Encoding.Latin1.GetString(request.Bytes);
        var file = ReferenceImages.All[0].Bytes;
        Assert.Contains(name == "classify-json" ? Convert.ToBase64String(file) : Encoding.Latin1.GetString(file), text, StringComparison.Ordinal);
        Assert.Contains(name == "classify-json" ? "\"logits\":true" : "logits=true", text, StringComparison.Ordinal);
        // Under load the best classes suffice.
        var drawn = Encoding.Latin1.GetString(Render(protocol, Drawn(SentForm.File)[0]).Bytes);
        Assert.Contains(name == "classify-json" ? "\"logits\":false" : "logits=false", drawn, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Right_answers_agree_and_wrong_ones_do_not(string name)
    {
        var reference = _work.References(_model)[0];
        var logits = (IReadOnlyList<float>)reference.Expected;
        string Answer(IEnumerable<float> given) =>
            JsonSerializer.Serialize(new { model = "m", predictions = new[] { new { classes = new[] { 1, 2 }, scores = new[] { 0.5, 0.25 }, logits = given } } });
        Assert.True(Parity(name, reference, Answer(logits)).Passed);
        var wrong = Parity(name, reference, Answer(logits.Reverse()));
        Assert.False(wrong.Passed);
        Assert.Contains("largest difference of a logit", wrong.Detail, StringComparison.Ordinal);
        Assert.Contains("no member 'predictions'", Parity(name, reference, "{}").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tensors))]
    public void A_tensor_is_sent_with_its_shape_and_answered_with_logits(string name)
    {
        var protocol = Protocol(name);
        var reference = _work.References(_model)[0];
        var request = Render(protocol, reference.Request);
        var body = request.Bytes.AsMemory(request.Bytes.Length - request.BodyBytes);
        var head = Encoding.Latin1.GetString(request.Bytes[..^request.BodyBytes]);
        var isBinary = head.Contains("Inference-Header-Content-Length: ", StringComparison.Ordinal);
        var length = isBinary ? int.Parse(head.Split("Inference-Header-Content-Length: ")[1].Split('\r')[0]) : body.Length;
        using var json = JsonDocument.Parse(body[..length]);
        var input = json.RootElement.GetProperty("inputs")[0];
        Assert.Equal([1, 3, Side, Side], input.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        var first = isBinary ? BitConverter.ToSingle(body.Span[length..]) : input.GetProperty("data")[0].GetSingle();
        var due = ReferencePreparation.Prepare(ReferenceJpeg.Decode(ReferenceImages.All[0].Bytes), ClassificationManifest.Read(_model.Folder).Input);
        Assert.Equal(due[0], first);
        if (isBinary) Assert.Equal(body.Length - length, input.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        var answer = JsonSerializer.Serialize(new { outputs = new[] { new { name = "logits", datatype = "FP32", shape = new[] { 1, Classes }, data = reference.Expected } } });
        Assert.True(Parity(name, reference, answer).Passed);
    }

    [Theory]
    [InlineData("open-inference-images-grpc")]
    [InlineData("open-inference-jpeg-grpc")]
    public void A_call_carries_the_bytes_of_an_image_and_is_answered_with_logits(string name)
    {
        var protocol = Protocol(name);
        var reference = _work.References(_model)[0];
        var request = Render(protocol, reference.Request);
        byte[] due = name.Contains("jpeg", StringComparison.Ordinal)
            ? ReferenceImages.All[0].Bytes
            : [.. ReferencePreparation.Prepare(ReferenceJpeg.Decode(ReferenceImages.All[0].Bytes), ClassificationManifest.Read(_model.Folder).Input).SelectMany(BitConverter.GetBytes)];
        Assert.True(request.Bytes.AsSpan().IndexOf(due) > 0);
        Assert.InRange(request.BodyBytes, due.Length, due.Length + 200);
        // outputs { shape: [1, classes] } and raw_output_contents.
        byte[] Answer(IEnumerable<float> logits) => [0x2a, 4, 0x1a, 2, 1, Classes, 0x32, 4 * Classes, .. logits.SelectMany(BitConverter.GetBytes)];
        var logits = (IReadOnlyList<float>)reference.Expected;
        Assert.True(Parity(name, reference, Answer(logits)).Passed);
        Assert.Contains("largest difference of a logit", Parity(name, reference, Answer(logits.Reverse())).Detail, StringComparison.Ordinal);
    }

    /// <summary>What the raw runtime gives is expected of answers under load, in whichever form the image was sent.</summary>
    [Fact]
    public void Answers_under_load_are_held_against_the_raw_runtime()
    {
        using var checker = new AnswerChecker(_work, _work.Expectations(_model));
        using var raw = _work.Expectations(_model);
        var limits = Limits;
        var files = new WorkloadPayloads("m", Drawn(SentForm.File), 1);
        KeptAnswer Kept(int payload, string body) => new(payload, 200, Encoding.UTF8.GetBytes(body));
        string Best(IReadOnlyList<float> logits, int first)
        {
            var powers = logits.Select(l => Math.Exp(l)).ToArray();
            int[] order = [.. Enumerable.Range(0, Classes).OrderByDescending(c => powers[c])];
            return JsonSerializer.Serialize(new { predictions = new[] { new { classes = order.Skip(first).Take(5), scores = order.Skip(first).Take(5).Select(c => powers[c] / powers.Sum()) } } });
        }
        var expected = (IReadOnlyList<float>)raw.Of(files.Requests[0])[0];
        var checks = checker.Check([Kept(0, Best(expected, 0)), Kept(0, Best(expected, 3))], files, Protocol("classify-json"), limits);
        Assert.Equal((2, 1), (checks.Checked, checks.Wrong));
        Assert.Contains("top-1 deficit", checks.FirstWrong!, StringComparison.Ordinal);
        var tensors = new WorkloadPayloads("m", Drawn(SentForm.Tensor), 1);
        var logits = (IReadOnlyList<float>)raw.Of(tensors.Requests[1])[0];
        var answer = JsonSerializer.Serialize(new { outputs = new[] { new { shape = new[] { 1, Classes }, data = logits } } });
        Assert.Equal(0, checker.Check([Kept(1, answer)], tensors, Protocol("open-inference-images"), limits).Wrong);
        Assert.Equal(1, checker.Check([Kept(0, answer)], tensors, Protocol("open-inference-images"), limits).Wrong);
    }

    [Fact]
    public void The_null_server_answers_as_a_stack_would()
    {
        var answer = _work.NullAnswer(_model, 3);
        Assert.True(WireFormat.Of(Protocol("classify-json")).TryDecode(new KeptAnswer(0, 200, Encoding.ASCII.GetBytes(answer)), out var decoded, out var problem), problem);
        Assert.Equal((3, 5), (decoded.Items, decoded.Vectors["classes"][0].Length));
    }

    private static ParityLimits Limits { get; } = new(
        new Dictionary<string, double> { ["largest-logit-difference"] = 0.1, ["largest-top-1-deficit"] = 0.1, ["least-top-1-agreement"] = 0.8 });

    private Domain.Trials.ParityRecord Parity(string protocol, Reference reference, string body) => Parity(protocol, reference, Encoding.UTF8.GetBytes(body));

    private Domain.Trials.ParityRecord Parity(string protocol, Reference reference, byte[] body)
    {
        var (answer, problem) = new ServedAnswerReader(Protocol(protocol)).Read(new KeptAnswer(0, WireFormat.Of(Protocol(protocol)).ExpectedStatus, body));
        return ParityCheck.Compare(_work, Limits, [(reference, answer, problem)]);
    }

    private IReadOnlyList<WorkRequest> Drawn(SentForm form)
    {
        File.WriteAllBytes(Path.Combine(_folder, "photograph.jpg"), ReferenceImages.All[1].Bytes);
        return _work.Draw(new ImagePayload("photograph.jpg", form, 1, 2), _folder, _model, 5).Requests;
    }

    private static RenderedRequest Render(Protocol protocol, WorkRequest request) =>
        WireFormat.Of(protocol).Renderer(protocol.Name, Target)(WorkloadPayloads.VariablesOf("m", request));

    private static Protocol Protocol(string name) => CatalogueFile.Read(
        Path.Combine(Root, "k6", "protocols", $"{name}.yaml"), f => ProtocolReader.Read(f, KnownWork.OfProgram.All, WireFormats.All));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
