using ServeBench.Domain.Wording;
using ServeBench.Domain.Workloads;
using ServeBench.Domain.Yaml;

namespace ServeBench.Work.ImageClassification;

/// <summary>Photographs, in turn and each as often as the others.</summary>
/// <param name="Photographs">Name of a JPEG file under k6/data, or of a folder of them.</param>
/// <param name="Form">How they are sent.</param>
/// <param name="ItemsPerRequest">Photographs in one request.</param>
/// <param name="Distinct">Number of different requests; the driver goes round them.</param>
public sealed record ImagePayload(string Photographs, SentForm Form, int ItemsPerRequest, int Distinct)
    : PayloadSpec(ClassificationWork.PayloadKind)
{
    private const string FileForm = "file";
    private const string TensorForm = "tensor";

    public override int ItemsPerRequest { get; init; } = ItemsPerRequest;

    public override IReadOnlyList<string> FilesOrFolders => [Photographs];

    /// <summary>After how many requests in a row every photograph has come as often as the others.</summary>
    /// <param name="photographs">How many there are.</param>
    internal int Mix(int photographs) => photographs / Divisor(photographs, ItemsPerRequest);

    internal string Described
    {
        get
        {
            var form = Form == SentForm.File
                ? "JPEG files as they are, each made distinct by a comment in it"
                : "tensors as a network takes them, each of another part of the photograph";
            return $"{Plural.Of(Distinct, "distinct request")} of {Plural.Of(ItemsPerRequest, "image")} out of {Photographs}: {form}";
        }
    }

    internal static ImagePayload Read(YamlMapping payload)
    {
        var spec = new ImagePayload(
            payload.Text("photographs"),
            payload.OptionalOneOf("form", [FileForm, TensorForm], FileForm) == TensorForm ? SentForm.Tensor : SentForm.File,
            payload.Integer("items-per-request", 1, 1024),
            payload.Integer("distinct", 1, 1 << 20));
        payload.Done();
        return spec;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}

/// <summary>How images are sent.</summary>
public enum SentForm
{
    /// <summary>As files: whoever serves them decodes and prepares them.</summary>
    File,

    /// <summary>As prepared pixels: what is left is the network.</summary>
    Tensor,
}
