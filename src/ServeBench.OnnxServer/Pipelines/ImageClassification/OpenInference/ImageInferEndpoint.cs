using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.OpenInference;

/// <summary>Requests for scores in the Open Inference Protocol.</summary>
internal sealed class ImageInferEndpoint(
    InferenceServices services, ModelTable<ClassificationModel> models, RequestPool<ClassificationRequest> pool)
    : OpenInferenceEndpoint<ClassificationModel, ClassificationRequest, TensorAnswer>(services, models, pool)
{
    private readonly ImageTensorReader _reader = new(services.Options, services.Time);

    protected override TensorAnswer Read(
        ClassificationModel model, ReadOnlySpan<byte> body, int headerLength, ClassificationRequest into, out ApiError? error)
    {
        var header = _reader.ReadBody(model, body, headerLength, into, out error);
        if (error is not null) return Unread(model);
        var outputs = ImageTensors.Of(model, header, into.Count);
        var binary = outputs.Count(o => header.IsBinary(o.Name));
        if (binary > 0 && binary < outputs.Count)
        {
            error = ApiError.Invalid("some outputs ask for binary data and some do not; ask for it for all, or for none", "outputs");
            return Unread(model);
        }
        var pieces = InferHead.Render(model.Name, header, outputs);
        return binary == 0
            ? new TensorAnswer(model, OutputForm.Json, pieces, outputs)
            : new TensorAnswer(model, OutputForm.Binary, [pieces[0], .. outputs.Select(_ => default(ReadOnlyMemory<byte>))], outputs);
    }

    protected override TensorAnswer Unread(ClassificationModel? model) => new() { Model = model! };
}
