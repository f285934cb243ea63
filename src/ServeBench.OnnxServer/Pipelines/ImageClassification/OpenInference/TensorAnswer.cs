using System.Runtime.InteropServices;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.OpenInference;

/// <summary>The answer of an inference request: what is around the outputs, and they themselves as numbers or as bytes.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Form">How the outputs are written.</param>
/// <param name="Pieces">What stands before each output, and behind the last.</param>
/// <param name="Outputs">The outputs.</param>
internal readonly record struct TensorAnswer(
    ClassificationModel Model, OutputForm Form, IReadOnlyList<ReadOnlyMemory<byte>> Pieces, IReadOnlyList<OutputTensor> Outputs)
    : IAnswer<ClassificationRequest>
{
    ServedModel IAsked<ClassificationRequest>.Model => Model;

    public string ContentType => Form.ContentType();

    public int HeadRoom => Pieces[0].Length;

    /// <summary>Of one output a part belongs to each image; several stand one after the other, and are written at the end.</summary>
    public int ItemRoom => IsOne ? RoomOf(Model.ScoresOfImage) + 1 : 0;

    public int TailRoom
    {
        get
        {
            var room = 0;
            for (var i = 1; i < Pieces.Count; i++) room += Pieces[i].Length;
            if (IsOne) return room;
            foreach (var output in Outputs) room += RoomOf(output.Shape[0] * output.Shape[1]) + output.Shape[0];
            return room;
        }
    }

    private bool IsOne => Outputs.Count == 1;

    public bool TryQueue(ClassificationRequest request) => request.TryQueue(Model);

    public void Complete(HttpResponse response) => Form.Complete(response, Pieces[0].Length);

    public int WriteHead(ClassificationRequest request, Span<byte> into) => NumberWriter.Write(Pieces[0].Span, into);

    public int WriteItem(ClassificationRequest request, int index, Span<byte> into) =>
        IsOne ? WritePart(Outputs[0], request, index, into) : 0;

    public int WriteTail(ClassificationRequest request, Span<byte> into)
    {
        if (IsOne) return NumberWriter.Write(Pieces[^1].Span, into);
        var at = 0;
        for (var i = 0; i < Outputs.Count; i++)
        {
            for (var image = 0; image < request.Count; image++) at += WritePart(Outputs[i], request, image, into[at..]);
            if (i + 1 < Pieces.Count) at += NumberWriter.Write(Pieces[i + 1].Span, into[at..]);
        }
        return at;
    }

    private int RoomOf(int numbers) => Form == OutputForm.Json
        ? numbers * (NumberWriter.LongestInteger + 1)
        : numbers * sizeof(long);

    private int WritePart(OutputTensor output, ClassificationRequest request, int image, Span<byte> into)
    {
        var areClasses = ImageTensors.AreClasses(output.Name);
        if (Form != OutputForm.Json)
            return NumberWriter.Write(
                areClasses
                    ? MemoryMarshal.AsBytes(request.Classes(image))
                    : NumberWriter.AsLittleEndian(request.Scores(image)),
                into);
        var at = image == 0 ? 0 : NumberWriter.Write(","u8, into);
        if (!areClasses) return at + NumberWriter.WriteList(request.Scores(image), into[at..]);
        foreach (var (i, best) in request.Classes(image).ToArray().Index())
        {
            if (i > 0) into[at++] = (byte)',';
            at += NumberWriter.Write((int)best, into[at..]);
        }
        return at;
    }
}
