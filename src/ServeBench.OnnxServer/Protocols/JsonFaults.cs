using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>Says what is wrong with bodies that cannot be read.</summary>
internal static class JsonFaults
{
    /// <summary>True for what the JSON reader throws.</summary>
    public static bool Are(Exception e) => e is JsonException or InvalidOperationException;

    public static ApiError Explain(Exception e) => e is JsonException
        ? ApiError.Invalid($"The body is not valid JSON: {e.Message}")
        // The reader's word for text that is not Unicode: invalid UTF-8, half of a surrogate pair.
        : new ApiError(ErrorKind.Unreadable, "The body holds text that is not valid Unicode: JSON is sent in UTF-8 (RFC 8259)");
}
