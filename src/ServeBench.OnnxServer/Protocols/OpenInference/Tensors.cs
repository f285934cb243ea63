namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>The names, types and versions that this server knows of.</summary>
internal static class Tensors
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";

    /// <summary>An input of texts in place of tokens, which the server tokenises.</summary>
    public const string Text = "text";

    public const string Embedding = "embedding";

    /// <summary>Every model has one version.</summary>
    public const string Version = "1";

    public const string Int64 = "INT64";
    public const string Int32 = "INT32";
    public const string Bytes = "BYTES";
    public const string Single = "FP32";
}
