using System.Text.Json;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Serving;

/// <summary>A model that is loaded, warm and ready to be asked; a pipeline adds what it is asked. Disposing unloads it.</summary>
/// <param name="name">What clients call it.</param>
/// <param name="manifest">What is known of it.</param>
internal abstract class ServedModel(string name, ModelManifest manifest) : IDisposable
{
    /// <summary>What clients call it.</summary>
    public string Name => name;

    /// <summary>The name as a JSON string, quotes included.</summary>
    public byte[] JsonName { get; } = [(byte)'"', .. JsonEncodedText.Encode(name).EncodedUtf8Bytes, (byte)'"'];

    public ModelManifest Manifest => manifest;

    /// <summary>What may be sent to it as tensors: its own inputs, and what its pipeline takes in their place.</summary>
    public virtual IEnumerable<ManifestTensor> Inputs => Manifest.Inputs;

    public abstract WorkQueue Queue { get; }

    public ModelMetrics Metrics { get; } = new();

    /// <summary>What is executed together, for the log; null where these are batches of items as the options say.</summary>
    public virtual string? Together => null;

    /// <summary>How long loading and warming it took.</summary>
    public TimeSpan LoadTime { get; protected init; }

    /// <summary>SHA-256 of the ONNX file.</summary>
    public string Sha256 => Manifest.Files.Single(f => f.Name == Manifest.OnnxFile).Sha256;

    public abstract void Dispose();
}
