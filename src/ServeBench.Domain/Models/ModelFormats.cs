namespace ServeBench.Domain.Models;

/// <summary>What a stack reads a model from.</summary>
public static class ModelFormats
{
    public const string Onnx = "onnx";
    public const string Safetensors = "safetensors";
    public const string Gguf = "gguf";

    public static IReadOnlyList<string> All { get; } = [Onnx, Safetensors, Gguf];
}
