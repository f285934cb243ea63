using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;

namespace ServeBench.Models.Architectures.Classification;

/// <summary>An architecture that gives an image a score for each class.</summary>
public interface IImageClassifier : IArchitecture
{
    /// <summary>What it sees of an image, and what it gives.</summary>
    ClassifierSettings Classifier(object settings);

    /// <summary>
    /// The logits of one image, computed in double precision by code of its own: no graph, no runtime. What the exported model
    /// answers is compared with these.
    /// </summary>
    /// <param name="image">[3, size, size], prepared.</param>
    double[] Reference(object settings, SafetensorsFile weights, ReadOnlyMemory<float> image);

    IWorkPreparation? IArchitecture.Preparation(PreparationPlan plan) => new ImagePreparation(plan, this);
}
