using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>Takes the elements of a tensor of type BYTES one after the other. A structure, so that none is made for a request.</summary>
internal interface IBytesIntake
{
    /// <summary>Takes the text that a JSON reader stands at.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    ApiError? Take(ref Utf8JsonReader json);

    /// <inheritdoc cref="Take(ref Utf8JsonReader)"/>
    ApiError? Take(ReadOnlySpan<byte> element);
}
