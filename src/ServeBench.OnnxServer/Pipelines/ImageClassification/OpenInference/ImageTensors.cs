using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.OpenInference;

/// <summary>The tensors of an answer to a request for scores.</summary>
internal static class ImageTensors
{
    /// <summary>The outputs for so many images, those that are wanted, in the graph's order.</summary>
    public static IReadOnlyList<OutputTensor> Of(ClassificationModel model, InferHeader asked, int images)
    {
        var wanted = new List<OutputTensor>();
        foreach (var output in model.Manifest.Outputs)
        {
            if (!asked.Wants(output.Name)) continue;
            var bytes = AreClasses(output.Name) ? sizeof(long) : sizeof(float);
            wanted.Add(new OutputTensor(output.Name, Tensors.TypeOf(output), [images, model.ScoresOfImage], bytes));
        }
        return wanted;
    }

    /// <summary>Whether an output holds classes, not scores.</summary>
    public static bool AreClasses(string output) => output == ClassificationManifest.BestClasses;
}
