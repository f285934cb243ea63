using System.Security.Cryptography;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Inference;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Store;

/// <summary>
/// What a model that classifies images needs beside its graph: reference images with their logits in double precision, and the proof that
/// the graph gives the same.
/// </summary>
/// <param name="plan">The plan; its architecture is the classifier.</param>
/// <param name="classifier">The architecture.</param>
internal sealed class ImagePreparation(PreparationPlan plan, IImageClassifier classifier) : IWorkPreparation
{
    /// <summary>
    /// How far a graph in single precision may be from the double-precision answers, in standard deviations of the logits: some
    /// hundred layers of roundings, and no operator that differs.
    /// </summary>
    private const double MostOfSinglePrecision = 1e-3;

    /// <summary>The same where the graph prepares images: it does not round to whole levels between the steps, as Pillow does.</summary>
    private const double MostWithoutRounding = 0.15;

    private ClassificationReference[]? _references;

    private ClassifierSettings Settings { get; } = classifier.Classifier(plan.Card.Export);

    private ManifestImageInput Input => new(
        Settings.Input.Size,
        Settings.Input.Resize,
        ManifestImageInput.Bilinear,
        Settings.Input.Mean,
        Settings.Input.Deviation,
        Settings.PreparesInGraph ? ManifestImageInput.Inside : ManifestImageInput.Outside);

    public void Identify(ContentHash hash)
    {
        foreach (var image in ReferenceImages.All)
            hash.Add("reference", image.Name).Add("reference's SHA-256", Convert.ToHexStringLower(SHA256.HashData(image.Bytes)));
    }

    public ModelManifest Read(string folder) => ClassificationManifest.Read(folder);

    public Task ObtainAsync(CompanionFiles files, CancellationToken cancellation) => Task.CompletedTask;

    public void WriteFiles(string building, Action<string, string, Action<Stream>> write)
    {
        foreach (var image in ReferenceImages.All) write(building, image.Name, output => output.Write(image.Bytes));
    }

    public void Compute(SafetensorsFile tensors, IRunObserver observer)
    {
        using var step = observer.Begin($"Computing the reference answers of {plan.Card.Name} in double precision");
        _references = [.. ReferenceImages.All.Select(image => new ClassificationReference(image.Name, Logits(tensors, image)))];
    }

    /// <summary>Adds what servers of images need and the reference answers, and holds the graph against these.</summary>
    /// <exception cref="RunFailedException">when the graph in single precision gives other answers.</exception>
    public ModelManifest Complete(ModelManifest manifest, string building, SafetensorsFile tensors, IRunObserver observer)
    {
        var output = Settings.GivesProbabilities ? ClassificationManifest.Probabilities : ClassificationManifest.Logits;
        var own = new ClassificationManifest(manifest, Input, Settings.Classes, output, Settings.Top, _references!)
        {
            NormEpsilon = Settings.NormEpsilon,
        };
        var largest = LargestDifference(building, own);
        var most = Settings.PreparesInGraph ? MostWithoutRounding : MostOfSinglePrecision;
        if (largest <= most) return own;
        throw new RunFailedException(
            $"The graph of {plan.Card.Name} gives logits that are {largest:0.######} standard deviations from those in double precision; "
                + $"{most} is the most that roundings explain",
            "The exporter and the runtime disagree about an operator: prepare the model with another version of ONNX Runtime");
    }

    private float[] Logits(SafetensorsFile tensors, ReferenceFile image)
    {
        var prepared = ReferencePreparation.Prepare(ReferenceJpeg.Decode(image.Bytes), Input);
        return Array.ConvertAll(classifier.Reference(plan.Card.Export, tensors, prepared), v => (float)v);
    }

    /// <summary>How far the graph's logits are from the references, at most.</summary>
    private static double LargestDifference(string building, ClassificationManifest manifest)
    {
        using var session = ClassifierSession.Load(building, manifest, new SessionSettings());
        return manifest.References.Zip(ReferenceImages.All).Max(pair =>
            LogitDistance.Largest(pair.First.Logits, session.Logits(ReferenceJpeg.Decode(pair.Second.Bytes))));
    }
}
