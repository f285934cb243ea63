using System.Collections.Concurrent;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;
using ServeBench.Models.Inference;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;

namespace ServeBench.Work.ImageClassification;

/// <summary>Images in, the best classes of each out, or a score for every class.</summary>
public sealed class ClassificationWork : WorkKind
{
    public const string PayloadKind = "image";

    /// <summary>A class and its score, as text with a comma between them.</summary>
    private const int LeastBytes = 4;

    /// <summary>Images that the raw runtime goes round: enough that none stays in a cache, few enough to prepare at once.</summary>
    private const int RawImages = 32;

    private readonly ConcurrentDictionary<string, Photograph> _photographs = [];
    private readonly ConcurrentDictionary<string, IReadOnlyList<Reference>> _references = [];

    public override string Name => PayloadKind;

    public override Nouns Nouns { get; } = new("images", "images");

    public override IReadOnlyList<string> Variables { get; } =
    [
        ImageRequest.FilesVariable,
        ImageRequest.FileVariable,
        ImageRequest.PixelsVariable,
        ImageRequest.ShapeVariable,
        ImageRequest.PixelBytesVariable,
        ImageRequest.LogitsVariable,
    ];

    public override IReadOnlyList<AnswerValue> AnswerValues { get; } =
    [
        new(ClassificationMeasures.Classes, AnswerForm.Vectors) { MayLack = true },
        new(ClassificationMeasures.Scores, AnswerForm.Vectors) { MayLack = true },
        new(ClassificationMeasures.Logits, AnswerForm.Vectors) { MayLack = true },
        new(ClassificationMeasures.Probabilities, AnswerForm.Vectors) { MayLack = true },
    ];

    public override IReadOnlyList<Measure> Measures => ClassificationMeasures.All;

    public override PayloadSpec Read(YamlMapping section) => ImagePayload.Read(section);

    public override string Describe(PayloadSpec payload) => Own(payload).Described;

    public override DrawnRequests Draw(PayloadSpec payload, string dataFolder, ModelArtifact model, long seed)
    {
        var spec = Own(payload);
        var photographs = Photographs(Path.Combine(dataFolder, spec.Photographs));
        var input = ClassificationManifest.Read(model.Folder).Input;
        if (spec.Form == SentForm.Tensor && input.PreparesInside)
            throw new RunFailedException(
                $"The graph of {model.Model} prepares images itself, and a workload with form: tensor sends prepared ones",
                "Set prepare-in-graph: false in its model.yaml, or choose workloads that send files (--workload)");
        return new DrawnRequests(new ImageDraws(spec, photographs, input, seed).Draw(), spec.Mix(photographs.Count));
    }

    public override IReadOnlyList<Reference> References(ModelArtifact model) => _references.GetOrAdd(model.Folder, folder =>
    {
        var manifest = ClassificationManifest.Read(folder);
        return
        [
            .. manifest.References.Select(r => new Reference(
                r.Image, new ImageRequest([Sent(folder, manifest, r.Image)]) { AsksForLogits = manifest.GivesLogits }, r.Logits)),
        ];
    });

    public override IReadOnlyList<BadItem> BadItems(ModelArtifact model) =>
        References(model) is [var first, var second, ..] ? BadImages.Between(ImageOf(first), ImageOf(second)) : [];

    public override Closeness Compare(object expected, ServedAnswer answer, int item) =>
        ClassificationMeasures.Compare((IReadOnlyList<float>)expected, answer, item);

    public override IExpectations Expectations(ModelArtifact model) =>
        new RawScores(ClassifierSession.Load(model.Folder, new SessionSettings()));

    public override int LeastBytesPerItem(ModelArtifact model) => LeastBytes;

    public override bool HasRawRuntime => true;

    public override IRawRuntime RawRuntime(ModelArtifact model, IReadOnlyList<WorkRequest> requests, RawOptions options)
    {
        var images = requests.Cast<ImageRequest>().SelectMany(r => r.Images).DistinctBy(i => i.Content).Take(RawImages);
        return ClassificationLoop.Over(
            ClassifierSession.Load(model.Folder, new SessionSettings { IntraOpThreads = options.Threads }), images, options);
    }

    public override string NullAnswer(ModelArtifact model, int items) =>
        NullClasses.Body(ClassificationManifest.Read(model.Folder).Classes, items);

    /// <summary>One, or all of a folder in the order of their names.</summary>
    private IReadOnlyList<Photograph> Photographs(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.jpg").Order(StringComparer.Ordinal)] : [path];
        if (files.Length == 0) throw new RunFailedException($"{path} holds no .jpg file", "Name a folder under k6/data that does");
        return
        [
            .. files.Select(file => _photographs.GetOrAdd(
                file, f => new Photograph(Path.GetFileNameWithoutExtension(f), f, File.ReadAllBytes(f)))),
        ];
    }

    private static SentImage Sent(string folder, ClassificationManifest manifest, string image)
    {
        var path = Path.Combine(folder, image);
        var photograph = new Photograph(image, path, File.ReadAllBytes(path));
        return new SentImage(image, image)
        {
            File = () => photograph.Bytes,
            Decoded = () => photograph.Decoded,
            Pixels = manifest.Input.PreparesInside
                ? null
                : () => ReferencePreparation.Cut(photograph.Resized(manifest.Input.Resize), manifest.Input),
            Side = manifest.Input.Size,
            Size = photograph.Bytes.Length,
        };
    }

    private static SentImage ImageOf(Reference reference) => ((ImageRequest)reference.Request).Images[0];

    private static ImagePayload Own(PayloadSpec payload) => payload as ImagePayload
        ?? throw new ArgumentException($"a payload of kind {payload.Kind} holds no images", nameof(payload));
}
