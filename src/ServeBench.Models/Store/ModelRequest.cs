using ServeBench.Domain.Models;
using ServeBench.Models.Onnx.Precisions;

namespace ServeBench.Models.Store;

/// <summary>How a model is wanted.</summary>
public sealed record ModelRequest
{
    /// <summary>One of <see cref="WeightsSource.All"/>.</summary>
    public string Weights { get; init; } = WeightsSource.Auto;

    /// <summary>What the weights are stored as: one of <see cref="KnownPrecisions.Names"/>.</summary>
    public string Precision { get; init; } = KnownPrecisions.Names[0];

    /// <summary>True when nothing may be downloaded.</summary>
    public bool Offline { get; init; }

    /// <summary>True to prepare the model again even where it is there already.</summary>
    public bool Force { get; init; }
}
