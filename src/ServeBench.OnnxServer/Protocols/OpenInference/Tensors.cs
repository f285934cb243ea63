using System.Globalization;
using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>The types and versions that this server knows of.</summary>
internal static class Tensors
{
    /// <summary>The protocol's name in metrics.</summary>
    public const string Protocol = "open-inference";

    /// <summary>Every model has one version.</summary>
    public const string Version = "1";

    public const string Int64 = "INT64";
    public const string Int32 = "INT32";
    public const string Bytes = "BYTES";
    public const string Single = "FP32";
    public const string Byte = "UINT8";
    public const string Flag = "BOOL";

    public const string Platform = "onnxruntime_onnx";

    /// <summary>The protocol's name of a tensor's type.</summary>
    public static string TypeOf(ManifestTensor tensor) => tensor.Type switch
    {
        "int64" => Int64,
        "string" => Bytes,
        "uint8" => Byte,
        "bool" => Flag,
        _ => Single,
    };

    /// <summary>A tensor's dimensions; one that the caller chooses has a name in the manifest, and is -1 here.</summary>
    public static IEnumerable<int> SizesOf(ManifestTensor tensor) =>
        tensor.Shape.Select(size => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
}
